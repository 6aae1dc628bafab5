using System.Security.Cryptography;
using System.Text;

namespace VerseEtl.Tests.Shared;

/// <summary>Files that end with a digest of what stands before it.</summary>
internal static class SealedFile
{
    private const string Seal = ",\n  \"digest\"";

    /// <summary>Changes one and gives it the digest that goes with what it says then.</summary>
    public static void Change(string path, Func<string, string> change)
    {
        string body = change(Body(path)), digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        File.WriteAllText(path, $"{body[..^2]}{Seal}: \"{digest}\"\n}}");
    }

    /// <summary>What a build older than digests would have written: the same without one.</summary>
    public static void Unseal(string path) => File.WriteAllText(path, Body(path));

    private static string Body(string path)
    {
        string text = File.ReadAllText(path);
        return text[..text.LastIndexOf(Seal, StringComparison.Ordinal)] + "\n}";
    }
}
