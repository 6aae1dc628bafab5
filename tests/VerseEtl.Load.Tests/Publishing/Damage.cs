namespace VerseEtl.Load.Tests.Publishing;

/// <summary>Ways to break a file that leave the other names of the same file as they are.</summary>
internal static class Damage
{
    public static readonly string[] Kinds = ["flip", "truncate", "empty", "delete"];

    /// <param name="random">Chooses the bit that is turned and where the file is cut.</param>
    public static void Do(string kind, string path, Random random)
    {
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        switch (kind)
        {
            case "flip":
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, bytes);
                break;
            case "truncate": File.WriteAllBytes(path, bytes[..random.Next(1, bytes.Length)]); break;
            case "empty": File.WriteAllBytes(path, []); break;
        }
    }
}
