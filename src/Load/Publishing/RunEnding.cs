using System.Text.Json;
using System.Text.Json.Serialization;

namespace VerseEtl.Load.Publishing;

/// <summary>
/// How a run ended, and what follows from it. The ledger, JSON, metrics and people see its word; one that a newer version wrote is kept as
/// it is, and nothing follows from it.
/// </summary>
[JsonConverter(typeof(AsWord))]
public sealed record RunEnding
{
    public static RunEnding Published { get; } = new("published") { RefreshedTables = true, SettlesInstant = true };
    public static RunEnding Unchanged { get; } = new("unchanged") { RefreshedTables = true, SettlesInstant = true };
    public static RunEnding AlreadyPublished { get; } = new("already published") { RefreshedTables = true, SettlesInstant = true };
    public static RunEnding Held { get; } = new("held") { SettlesInstant = true, IsNeutral = true };

    /// <summary>A part was measured and kept for the next run.</summary>
    public static RunEnding Measured { get; } = new("measured") { IsNeutral = true };
    public static RunEnding Overtaken { get; } = new("overtaken") { IsNeutral = true };
    public static RunEnding Stopped { get; } = new("stopped") { WasCutOff = true, IsNeutral = true };

    /// <summary>It goes on, or it was killed.</summary>
    public static RunEnding Unfinished { get; } = new("unfinished") { WasCutOff = true, IsNeutral = true };

    /// <summary>Somebody ended it on purpose: its night is not made up.</summary>
    public static RunEnding Cancelled { get; } = new("cancelled") { SettlesInstant = true, IsNeutral = true };
    public static RunEnding NotPublished { get; } = new("not published");

    /// <summary>By something that should not happen.</summary>
    public static RunEnding Failed { get; } = new("failed");
    public static RunEnding RolledBack { get; } = new("rolled back");

    /// <summary>Not known: its entry in the ledger was damaged.</summary>
    public static RunEnding Lost { get; } = new("lost") { IsNeutral = true };

    private static readonly RunEnding[] Known =
        [Published, Unchanged, AlreadyPublished, Held, Measured, Overtaken, Stopped, Unfinished, Cancelled, NotPublished, Failed, RolledBack, Lost];

    private RunEnding(string word) => Word = word;

    public string Word { get; }

    /// <summary>The tables are as fresh as they can be.</summary>
    public bool RefreshedTables { get; private init; }

    /// <summary>For the scheduled instant nothing is left to do, and another try would change nothing.</summary>
    public bool SettlesInstant { get; private init; }

    /// <summary>Half way: its instant is to be made up. One that failed was tried, and its failure is for people to see.</summary>
    public bool WasCutOff { get; private init; }

    /// <summary>Neither good nor bad: it was kept from its work, or is still at it.</summary>
    public bool IsNeutral { get; private init; }

    /// <summary>Whether the pipeline can do its work shows: it was not kept from it, and nobody else had done it.</summary>
    public bool ShowsHealth => !IsNeutral && this != AlreadyPublished;

    public static RunEnding Of(string word) => Known.FirstOrDefault(known => known.Word == word) ?? new RunEnding(word);

    public override string ToString() => Word;

    internal sealed class AsWord : JsonConverter<RunEnding>
    {
        public override RunEnding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? Of(reader.GetString()!) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, RunEnding value, JsonSerializerOptions options) => writer.WriteStringValue(value.Word);
    }
}
