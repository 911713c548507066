"""Rule files as pytest items: one for each rule and kind of proof. Opt-in: `rule_paths` in the configuration."""
