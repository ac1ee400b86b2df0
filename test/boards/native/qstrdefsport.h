// Names that only this board knows are found in its sources.
