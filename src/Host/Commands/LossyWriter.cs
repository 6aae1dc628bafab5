using System.Text;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>
/// Standard output or error, whose disk may be full or whose terminal may be gone: the first failure is kept, the rest is dropped, and who
/// writes goes on with its work. Safe to use from several threads as far as what it wraps is.
/// </summary>
internal sealed class LossyWriter(TextWriter inner) : TextWriter
{
    /// <summary>Why something was not written; null where all was.</summary>
    public string? Fault { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => inner.Write(value));

    // in one piece, as other threads write lines as well
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    public override Task FlushAsync()
    {
        Flush();
        return Task.CompletedTask;
    }

    private void Try(Action write)
    {
        if (Fault is not null) return;
        try
        {
            write();
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            Fault = error.Message;
        }
    }
}
