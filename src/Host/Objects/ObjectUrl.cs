using System.Text.RegularExpressions;

namespace VerseEtl.Host.Objects;

/// <summary>A place in an object store as users write it: `s3://bucket/prefix`, `az://container/prefix`. It never holds a credential or an address.</summary>
/// <param name="Prefix">Without '/' at either end; empty for the whole bucket.</param>
internal sealed partial record ObjectUrl(string Scheme, string Container, string Prefix)
{
    public const string S3 = "s3", Azure = "az";

    /// <summary>True for what is meant as an address, right or wrong, and not as a path.</summary>
    public static bool IsMeant(string text) => text.Contains("://", StringComparison.Ordinal);

    /// <summary>Why a text is none; null if it is one. Never repeats the text, which may hold a secret.</summary>
    /// <param name="secret">It holds what looks like a credential.</param>
    public static string? Objection(string text, out bool secret)
    {
        secret = false;
        Match match = Pattern().Match(text);
        if (!match.Success || match.Groups["scheme"].Value is not (S3 or Azure))
            return "of addresses only s3://bucket/prefix and az://container/prefix are known; a share is named by the folder it is mounted at";
        string authority = match.Groups["authority"].Value, rest = match.Groups["rest"].Value;
        secret = authority.Contains('@') || authority.Contains(':') || rest.AsSpan().IndexOfAny("?#") >= 0;
        if (secret) return "credentials do not belong here: the SDKs find them, and the endpoint, in the environment (docs/objectstores.md)";
        if (!ContainerName().IsMatch(authority)) return "the bucket or container after :// is no name of one";
        string[] names = rest.Trim('/').Split('/');
        return rest.Trim('/').Length > 0 && names.Any(name => name is "" or "." or "..") ? "the prefix has empty names or dots between its '/'" : null;
    }

    /// <param name="text">Without an objection.</param>
    public static ObjectUrl Of(string text)
    {
        Match match = Pattern().Match(text);
        return new ObjectUrl(match.Groups["scheme"].Value, match.Groups["authority"].Value, match.Groups["rest"].Value.Trim('/'));
    }

    /// <summary>The key, in the whole bucket, of what lies below this place.</summary>
    public string Full(string key) => Prefix.Length == 0 ? key : $"{Prefix}/{key}";

    /// <summary>The opposite of <see cref="Full"/>.</summary>
    public string Below(string key) => Prefix.Length == 0 ? key : key[(Prefix.Length + 1)..];

    /// <summary>One lies in the other, or they are the same.</summary>
    public bool Overlaps(ObjectUrl other) =>
        $"{this}/".StartsWith($"{other}/", StringComparison.Ordinal) || $"{other}/".StartsWith($"{this}/", StringComparison.Ordinal);

    public override string ToString() => Prefix.Length == 0 ? $"{Scheme}://{Container}" : $"{Scheme}://{Container}/{Prefix}";

    [GeneratedRegex("^(?<scheme>[a-z][a-z0-9+.-]*)://(?<authority>[^/?#]*)(?<rest>.*)\\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Pattern();

    [GeneratedRegex("^[A-Za-z0-9$][A-Za-z0-9._-]{1,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerName();
}
