using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.IO;

/// <summary>
/// A hash that is quick for large files: of a file up to 4 MB all bytes, of a larger one 512 blocks of 4 KB, evenly spread, with its first
/// and its last bytes. A matrix that changed as a whole is seen, in models of up to 1 GB any from 2 MB on; a single number is not.
/// </summary>
internal static class FileDigest
{
    public const int WholeUpTo = 4 << 20;
    private const int Blocks = 512;
    private const int Block = 4096;

    /// <param name="file">The file.</param>
    /// <param name="blocks">How many of a large one are read: fewer where there may be thousands of files.</param>
    public static string Of(string file, int blocks = Blocks)
    {
        using SafeFileHandle handle = File.OpenHandle(file, share: FileShare.Read | FileShare.Delete, options: FileOptions.RandomAccess);
        var hash = new ContentHash();
        long length = RandomAccess.GetLength(handle);
        byte[] buffer = new byte[64 * 1024];
        if (length <= WholeUpTo) Append(ref hash, handle, 0, length, buffer);
        else
        {
            for (int i = 0; i < blocks; i++) Append(ref hash, handle, (length - Block) * i / (blocks - 1), Block, buffer);
        }

        return hash.ToString();
    }

    private static void Append(ref ContentHash hash, SafeFileHandle file, long offset, long count, byte[] buffer)
    {
        while (count > 0)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(count, buffer.Length));
            for (int filled = 0; filled < piece.Length;)
            {
                int read = RandomAccess.Read(file, piece[filled..], offset + filled);
                filled += read > 0 ? read : throw new EndOfStreamException();
            }

            hash.Add(piece);
            offset += piece.Length;
            count -= piece.Length;
        }
    }
}
