namespace VerseEtl.Load.Publishing;

/// <summary>What one kind of file takes in a warehouse, and what of it nothing needs.</summary>
/// <param name="Kind">`snapshots`, `pictures`, `cache`, `indexes`, `ledger`, `work` or `staging`.</param>
/// <param name="Bytes">As files are long; a file with two names counts twice.</param>
/// <param name="Free">Paths relative to the warehouse, folders among them.</param>
/// <param name="Kept">Why more of it stays than one might think; null where there is nothing to say.</param>
internal sealed record RoomTaken(string Kind, int Files, long Bytes, IReadOnlyList<string> Free, long FreeBytes, string? Kept = null);
