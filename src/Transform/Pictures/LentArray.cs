using System.Buffers;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// Room for so many numbers, used again for the next picture: as garbage, arrays so large cost more than what is done in them. What stands in it at first is
/// left of somebody else.
/// </summary>
internal sealed class LentArray<T>(int length) : IDisposable where T : unmanaged
{
    private T[]? _array = ArrayPool<T>.Shared.Rent(length);

    public int Length => length;

    /// <summary>At least so long.</summary>
    public T[] Array => _array ?? throw new ObjectDisposedException(nameof(LentArray<>));

    public Memory<T> Memory => new(Array, 0, length);

    public Span<T> Span => new(Array, 0, length);

    public void Dispose()
    {
        if (_array is null) return;
        ArrayPool<T>.Shared.Return(_array);
        _array = null;
    }
}
