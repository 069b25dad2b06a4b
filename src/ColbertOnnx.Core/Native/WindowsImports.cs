using System.Reflection.PortableExecutable;
using System.Text;

namespace ColbertOnnx.Native;

/// <summary>
/// What a Windows library needs in order to be loaded, by its headers: the DLLs of its import table, not those that it loads later by
/// itself, and a C++ runtime as new as its compiler.
/// </summary>
internal static class WindowsImports
{
    // Of IMAGE_IMPORT_DESCRIPTOR, five 32-bit fields; the fourth is where the name is. A descriptor without a name ends the table.
    private const int DescriptorSize = 20, NameField = 12, MostImports = 1000, LongestName = 260;

    /// <summary>The linker's version, and the names as they are written there, such as MSVCP140.dll.</summary>
    /// <exception cref="BadImageFormatException">The file is no Windows library, or its table lies outside of it.</exception>
    public static (Version Compiler, IReadOnlyList<string> Names) Read(Stream file)
    {
        using var image = new PEReader(file, PEStreamOptions.LeaveOpen);
        if (image.PEHeaders.PEHeader is not { } header) throw new BadImageFormatException("It has no header of a library.");
        var compiler = new Version(header.MajorLinkerVersion, header.MinorLinkerVersion);
        if (header.ImportTableDirectory is not { RelativeVirtualAddress: > 0 } table) return (compiler, []);
        var names = new List<string>();
        for (int i = 0; i < MostImports; i++)
        {
            int name =
                image.GetSectionData(table.RelativeVirtualAddress + i * DescriptorSize).GetReader(NameField, sizeof(int)).ReadInt32();
            if (name == 0) break;
            names.Add(Text(image.GetSectionData(name)));
        }

        return (compiler, names);
    }

    private static string Text(PEMemoryBlock block)
    {
        ReadOnlySpan<byte> bytes = block.GetContent(0, Math.Min(block.Length, LongestName)).AsSpan();
        int end = bytes.IndexOf((byte)0);
        return end >= 0 ? Encoding.ASCII.GetString(bytes[..end]) : throw new BadImageFormatException("An import has no name.");
    }
}
