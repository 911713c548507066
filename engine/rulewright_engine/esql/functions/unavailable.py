"""Functions of the language whose results need more than the events, and why. Queries that call them are not run."""

__all__ = ["UNAVAILABLE"]


def _each(why: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), why)


UNAVAILABLE = {
    **_each("it asks a model of the cluster", "categorize chunk embedding text_embedding"),
    **_each("it asks the index how well documents match", "decay multi_match score term top_snippets"),
    **_each("it picks values at random", "sample"),
    **_each("analysed text is only read, not made", "to_text"),
    **_each("it reads into a field whose parts have no types", "field_extract"),
    **_each("directions of network traffic are not evaluated", "network_direction"),
    **_each("ranges of dates are not evaluated", "to_date_range to_range"),
    **_each(
        "vectors are not evaluated",
        "knn to_dense_vector v_cosine v_dot_product v_hamming v_l1_norm v_l2_norm v_magnitude",
    ),
    **_each(
        "time series are not evaluated",
        """absent_over_time avg_over_time count_distinct_over_time count_over_time delta deriv first_over_time
        histogram_percentile idelta increase irate last_over_time max_over_time min_over_time percentile_over_time
        predict_linear present_over_time rate scalar stddev_over_time sum_over_time to_aggregate_metric_double
        variance_over_time""",
    ),
    **_each(
        "shapes other than points, and grids, are not evaluated",
        """st_buffer st_centroid_agg st_dimension st_envelope st_extent_agg st_geohash st_geohash_to_long
        st_geohash_to_string st_geohex st_geohex_to_long st_geohex_to_string st_geometrytype st_geotile
        st_geotile_to_long st_geotile_to_string st_isempty st_npoints st_simplify st_simplifypreservetopology st_xmax
        st_xmin st_ymax st_ymin to_geohash to_geohex to_geotile""",
    ),
}
