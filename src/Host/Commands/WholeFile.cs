using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>A file that a command was asked for: written beside its place first, so that nobody reads half of it.</summary>
internal static class WholeFile
{
    /// <exception cref="CommandFailedException">It cannot be written.</exception>
    public static void Write(string file, Action<FileStream> write)
    {
        string half = $"{file}.{Environment.ProcessId}.tmp";
        try
        {
            using (FileStream stream = File.Create(half)) write(stream);
            File.Move(half, file, overwrite: true);
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            throw new CommandFailedException(ExitCode.Storage, $"the file cannot be written: {error.Message}");
        }
    }
}
