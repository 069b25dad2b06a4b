using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using ColbertOnnx.IO;
using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.Safetensors;

/// <summary>
/// A safetensors file, open for reading. Tensors are read in pieces straight from the file into the caller's memory, so
/// that a checkpoint is never in memory twice and needs no mapping. Safe to read from many threads at once.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private readonly SafeFileHandle handle;

    private SafetensorsFile(
        string path, SafeFileHandle handle, Dictionary<string, SafetensorsTensor> tensors, Dictionary<string, string> metadata)
    {
        FilePath = path;
        this.handle = handle;
        Tensors = tensors;
        Metadata = metadata;
    }

    public string FilePath { get; }

    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens the file and checks its header against its length.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.WeightsInvalid"/>, with the place.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            RegularFile.Require(path);
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            long length = RandomAccess.GetLength(handle);
            Span<byte> prefix = stackalloc byte[8];
            if (length < 8)
                throw SafetensorsHeader.Invalid(
                    path, FormattableString.Invariant($"is cut off: it has {length} bytes, and the header's length alone takes 8"));
            Fill(handle, prefix, 0, path);
            ulong size = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (size > Limits.LargestSafetensorsHeader)
                throw SafetensorsHeader.Invalid(
                    path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"is not a safetensors file: its header would have {size} bytes, more than {Limits.LargestSafetensorsHeader} (the "
                            + $"limit LargestSafetensorsHeader)"));
            if ((long)size > length - 8)
                throw SafetensorsHeader.Invalid(
                    path, FormattableString.Invariant($"is cut off: its header has {size} bytes, the file {length}"));

            byte[] json = new byte[(int)size];
            Fill(handle, json, 8, path);
            var (tensors, metadata) = SafetensorsHeader.Parse(json, 8 + (long)size, length, path);
            return new SafetensorsFile(path, handle, tensors, metadata);
        }
        catch (Exception e)
        {
            handle?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new ColbertException(
                    ColbertErrorId.WeightsInvalid, $"'{Path.GetFileName(path)}' cannot be read: {e.Message}", path,
                    "Check the file and its rights.", e);
            throw;
        }
    }

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.WeightsInvalid"/> when there is none.</exception>
    public SafetensorsTensor this[string name] => Tensors.TryGetValue(name, out SafetensorsTensor? tensor)
        ? tensor
        : throw new ColbertException(
            ColbertErrorId.WeightsInvalid, $"'{Path.GetFileName(FilePath)}' has no tensor '{name}'.", FilePath,
            "Check that the file belongs to this model.");

    /// <summary>Bytes of a tensor as stored (little-endian), from <paramref name="offset"/> on.</summary>
    public void ReadBytes(SafetensorsTensor tensor, long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, tensor.ByteCount - offset);
        Fill(handle, destination, tensor.Offset + offset, FilePath);
    }

    /// <summary>A tensor's bytes as a stream; it lives as long as this file is open.</summary>
    public Stream OpenTensor(SafetensorsTensor tensor) => new RangeStream(handle, tensor.Offset, tensor.ByteCount);

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.WeightsInvalid"/>: its elements are of a type that is not
    /// read.</exception>
    public void RequireKnown(SafetensorsTensor tensor)
    {
        if (tensor.Type.Size() == 0)
            throw new ColbertException(
                ColbertErrorId.WeightsInvalid,
                $"The tensor '{tensor.Name}' of '{Path.GetFileName(FilePath)}' has the type {tensor.TypeName}, which is not supported.",
                FilePath, "Convert the weights to F32, F16 or BF16.");
    }

    /// <summary>
    /// Elements of a tensor as float32, from element <paramref name="first"/> on; F16, BF16 and integers are widened, F64 is rounded.
    /// </summary>
    public void ReadSingles(SafetensorsTensor tensor, long first, Span<float> destination)
    {
        RequireKnown(tensor);
        int size = tensor.Type.Size();
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, tensor.ElementCount - first);
        if (tensor.Type == SafetensorsType.F32)
        {
            ReadBytes(tensor, first * size, MemoryMarshal.AsBytes(destination));
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (destination.Length > 0)
            {
                int count = Math.Min(destination.Length, buffer.Length / size);
                Span<byte> bytes = buffer.AsSpan(0, count * size);
                ReadBytes(tensor, first * size, bytes);
                SafetensorsWidening.Widen(tensor.Type, bytes, destination[..count]);
                if (tensor.Type == SafetensorsType.F64
                    && SafetensorsWidening.IndexOfTooLarge(bytes, destination[..count]) is >= 0 and int at)
                    throw SafetensorsHeader.Invalid(
                        FilePath,
                        FormattableString.Invariant(
                            $"has a number in the tensor '{tensor.Name}' that float32 cannot hold (element {first + at + 1})"));
                destination = destination[count..];
                first += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A whole tensor as float32.</summary>
    public float[] ReadSingles(string name)
    {
        SafetensorsTensor tensor = this[name];
        float[] values = new float[tensor.ElementCount];
        ReadSingles(tensor, 0, values);
        return values;
    }

    /// <summary>A whole tensor of exactly this element type.</summary>
    public T[] Read<T>(string name)
        where T : unmanaged
    {
        SafetensorsTensor tensor = this[name];
        T[] values = new T[tensor.ElementCount];
        Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (bytes.Length != tensor.ByteCount)
            throw new ArgumentException($"The tensor '{name}' holds {tensor.TypeName}, not {typeof(T).Name}.", nameof(name));
        ReadBytes(tensor, 0, bytes);
        return values;
    }

    public void Dispose() => handle.Dispose();

    private static void Fill(SafeFileHandle handle, Span<byte> destination, long offset, string path)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(handle, destination, offset);
            if (read == 0) throw SafetensorsHeader.Invalid(path, FormattableString.Invariant($"ended at byte {offset} while it was read"));
            destination = destination[read..];
            offset += read;
        }
    }
}
