using System.Text;
using System.Text.Json;

namespace VerseEtl.Host.Serving.People;

/// <summary>The whole trail, read line by line against its own hashes.</summary>
/// <param name="Count">Lines.</param>
/// <param name="Newest">Hash of the last line: written down elsewhere it tells later that nothing before it was changed and nothing cut off.</param>
/// <param name="BrokenAt">The first line whose hash of the line before is another; null where the chain is whole.</param>
/// <param name="Unreadable">Lines that are no entry, as a power cut may leave one.</param>
/// <param name="Holds">The hash that was asked for is that of one of the lines.</param>
internal sealed record TrailCheck(long Count, string Newest, long? BrokenAt, IReadOnlyList<long> Unreadable, bool Holds)
{
    private const int MostNamed = 20;

    /// <param name="hash">Noted earlier; null asks for none.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrailCheck Of(string path, string? hash)
    {
        string before = Trail.Zeros;
        long count = 0;
        long? broken = null;
        bool holds = false;
        List<long> unreadable = [];
        foreach (string line in File.ReadLines(path, Encoding.UTF8))
        {
            count++;
            if (Parse(line) is not TrailEntry entry)
            {
                if (unreadable.Count < MostNamed) unreadable.Add(count);
            }
            else if (entry.Before != before) broken ??= count;
            before = Trail.HashOf(Encoding.UTF8.GetBytes(line));
            holds |= before == hash;
        }
        return new TrailCheck(count, before, broken, unreadable, holds);
    }

    /// <summary>Null for what is no entry.</summary>
    public static TrailEntry? Parse(string line)
    {
        try
        {
            return Json.Read<TrailEntry>(line) is { Who: not null, Before: not null } entry ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
