namespace VerseEtl.Load.Storage;

/// <summary>
/// A file read from start to end, whose asynchronous reads are done when they return: no disk of Linux is read otherwise than by a thread that waits, and
/// handing the wait to another one takes a short run longer than its tables.
/// </summary>
internal sealed class PromptFile(string path) : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan)
{
    private const int BufferSize = 1 << 16;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}
