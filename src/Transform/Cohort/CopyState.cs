namespace VerseEtl.Transform.Cohort;

/// <summary>How whole a copy is in one cell: what a missing scan can and cannot explain.</summary>
/// <param name="Expected">Published scans of the cell.</param>
/// <param name="NotFound">Published scans that are not in the copy.</param>
/// <param name="NotRead">Published scans that are not in the copy or whose mask could not be read.</param>
/// <param name="Unexpected">Scans of the cell that are not published.</param>
/// <param name="Repeated">Scans of the cell that repeat another one's mask and count once.</param>
internal sealed record CopyState(IReadOnlyList<string> Expected, IReadOnlyList<string> NotFound, IReadOnlyList<string> NotRead,
    Counted<string> Unexpected, Counted<string> Repeated)
{
    /// <summary>Whether a scan of the cell is published; null where <see cref="Unexpected"/> names all that are not.</summary>
    public Func<string, bool>? IsPublished { get; init; }

    public bool IsUnexpected(string scanKey) => IsPublished is null ? Unexpected.Contains(scanKey) : Unexpected.Count > 0 && !IsPublished(scanKey);
}
