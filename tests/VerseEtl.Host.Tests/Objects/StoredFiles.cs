using System.Text;
using VerseEtl.Extract.Tree;

namespace VerseEtl.Host.Tests.Objects;

/// <summary>Objects of a store that is not there.</summary>
/// <param name="keys">In the order in which they are listed.</param>
/// <param name="contents">By key; null makes each one byte.</param>
internal sealed class StoredFiles(IEnumerable<string> keys, Func<string, string>? contents = null) : IObjectSource
{
    public string Place => "s3://bucket/place";

    public IEnumerable<StoredObject> List(string prefix, CancellationToken token) =>
        keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(Of);

    public StoredObject? Look(string key) => keys.Contains(key) ? Of(key) : null;

    public Stream? Open(StoredObject seen, long offset) => new MemoryStream(Encoding.UTF8.GetBytes(ContentOf(seen.Key))[(int)offset..]);

    private StoredObject Of(string key) => new(key, ContentOf(key).Length, $"tag of {key}", DateTimeOffset.UnixEpoch);

    private string ContentOf(string key) => key.EndsWith('/') ? "" : contents?.Invoke(key) ?? "x";
}
