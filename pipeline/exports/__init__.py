"""Renditions in the formats of other programs: each module writes the published tables in one of them.

A module has one function, ``write(published, folder)``: it makes its files in an empty folder, the same bytes for the same tables and
versions of the libraries, and raises :class:`~pipeline.exports.published.Unfit` for a value that its format cannot hold, OSError where the system refuses to write.
"""
