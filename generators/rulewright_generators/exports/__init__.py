"""Rules in the formats of others: sigma/ and kibana/."""
