using ColbertOnnx.IO;
using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>An npy file. It holds one array, or several that were saved one behind the other.</summary>
internal sealed class NpyArrays(string path) : IArrayFile
{
    public string Path => path;

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public IEnumerable<StoredArray> Arrays()
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        using SafeFileHandle handle = EmbeddingErrors.Open(path);
        long length = RandomAccess.GetLength(handle), begin = 0;
        for (int number = 0; begin < length || number == 0; number++)
        {
            string location = number == 0 ? path : FormattableString.Invariant($"{path}: array {number + 1}, byte {begin}");
            NpyHeader header = NpyHeader.Read(new RangeStream(handle, begin, length - begin), location);
            long data = begin + header.Length;
            StoredArray array = Describe(
                header, number == 0 ? name : FormattableString.Invariant($"{name}[{number}]"), location, length - data, () => File(data));
            begin = data + (array.ElementCount * header.ElementSize);
            yield return array;
            if (header.ElementSize == 0) yield break;
        }
    }

    public IEnumerable<string> Names() => [System.IO.Path.GetFileNameWithoutExtension(path)];

    public StoredArray? Find(string name) => Arrays().FirstOrDefault(array => array.Name == name);

    public void Dispose()
    {
    }

    /// <summary>The array that a header describes, with this many bytes behind it.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: there is not so much.</exception>
    public static StoredArray Describe(NpyHeader header, string name, string location, long available, Func<Stream> open)
    {
        var array = new StoredArray(name, location, header.Type, header.Descr, header.Shape, open)
        {
            IsBigEndian = header.IsBigEndian,
            IsFortran = header.IsFortran,
        };
        if (header.ElementSize == 0 && header.Shape.Length == 0) return array;
        if (header.ElementSize == 0)
            throw array.Invalid(
                $"its elements are of type {header.Descr}, not numbers.", "Convert it in Python: numpy.save(path, a.astype('float32')).");
        if (array.ElementCount > available / header.ElementSize)
            throw array.Invalid(
                FormattableString.Invariant(
                    $"it is cut off: its header promises {array.ShapeText} of {header.Descr}, and {available} bytes follow."));
        return array;
    }

    /// <summary>The file from there on; closing the stream closes the file.</summary>
    private FileStream File(long from)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        stream.Position = from;
        return stream;
    }
}
