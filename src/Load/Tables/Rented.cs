using System.Buffers;

namespace VerseEtl.Load.Tables;

/// <summary>An array for the values of one column chunk, used again for the next: as garbage it would outweigh the rows.</summary>
internal sealed class Rented<T>(int length) : IDisposable
{
    /// <summary>At least so long; what stands in it at first is left of somebody else.</summary>
    public T[] Array { get; } = ArrayPool<T>.Shared.Rent(length);

    public Memory<T> Memory => Array.AsMemory(0, length);

    public void Dispose() => ArrayPool<T>.Shared.Return(Array, System.Runtime.CompilerServices.RuntimeHelpers.IsReferenceOrContainsReferences<T>());
}
