namespace VerseEtl.Load.Tests.Publishing;

/// <summary>A clock that a test turns.</summary>
internal sealed class Calendar : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
