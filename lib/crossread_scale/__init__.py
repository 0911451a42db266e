"""Folders of any size, counted shard by shard on this machine or on a Dask cluster."""

from crossread_scale.counting import FolderCounts, count_folder
from crossread_scale.runs import connect

__all__ = ["FolderCounts", "connect", "count_folder"]
