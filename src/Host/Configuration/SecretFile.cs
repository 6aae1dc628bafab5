using System.Text;

namespace VerseEtl.Host.Configuration;

/// <summary>Files that only their owner may read.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int Longest = 64 * 1024;

    /// <summary>The text of a file without the line end that editors add.</summary>
    /// <exception cref="IOException">It is missing, too large, or others may read it.</exception>
    public static string Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        if ((File.GetUnixFileMode(file.SafeFileHandle) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            throw new IOException($"{path} can be read by others; `chmod 600` it");
        byte[] bytes = new byte[Longest + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= Longest ? Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n') : throw new IOException($"{path} is too large to be a secret");
    }

    /// <summary>Puts a text under a name, whole or not at all, over what was there.</summary>
    public static void Write(string path, string text)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (FileStream file = new(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
