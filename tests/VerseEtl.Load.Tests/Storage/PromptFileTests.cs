using System.Security.Cryptography;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Tests.Storage;

public sealed class PromptFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public async Task What_is_read_is_there_when_the_call_returns()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(200_000);
        await File.WriteAllBytesAsync(_path, bytes, TestContext.Current.CancellationToken);
        using PromptFile file = new(_path);
        byte[] found = new byte[bytes.Length];
        int length = 0;
        while (length < found.Length)
        {
            Task<int> read = file.ReadAsync(found.AsMemory(length, Math.Min(30_000, found.Length - length)), TestContext.Current.CancellationToken).AsTask();
            Assert.True(read.IsCompletedSuccessfully);
            length += await read;
        }
        Assert.Equal(bytes, found);
        Assert.True(file.ReadAsync(found, 0, 1, TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        file.Position = 0;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), Sha256.OfStream(file, TestContext.Current.CancellationToken));
        Assert.True(file.ReadAsync(found, new CancellationToken(canceled: true)).AsTask().IsCanceled);
    }

    public void Dispose() => File.Delete(_path);
}
