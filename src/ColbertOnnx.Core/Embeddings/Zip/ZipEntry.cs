namespace ColbertOnnx.Embeddings.Zip;

/// <summary>What the directory of a zip says about one file in it.</summary>
/// <param name="Name">The name as it stands there.</param>
/// <param name="Method">0 stored, 8 deflated.</param>
/// <param name="Crc">Checksum of the content.</param>
/// <param name="CompressedLength">Bytes in the zip.</param>
/// <param name="Length">Bytes of the content.</param>
/// <param name="Offset">Where its local header begins.</param>
internal readonly record struct ZipEntry(string Name, ushort Method, uint Crc, long CompressedLength, long Length, long Offset);
