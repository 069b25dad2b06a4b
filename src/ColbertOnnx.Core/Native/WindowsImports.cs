using System.Reflection.PortableExecutable;
using System.Text;

namespace ColbertOnnx.Native;

/// <summary>The DLLs that a Windows library needs in order to be loaded, by its import table. Those that it loads later by itself are not among them.</summary>
internal static class WindowsImports
{
    // Of IMAGE_IMPORT_DESCRIPTOR, five 32-bit fields; the fourth is where the name is. A descriptor without a name ends the table.
    private const int DescriptorSize = 20, NameField = 12, MostImports = 1000, LongestName = 260;

    /// <summary>Their names as they are written there, such as MSVCP140.dll.</summary>
    /// <exception cref="BadImageFormatException">The file is no Windows library, or its table lies outside of it.</exception>
    public static IReadOnlyList<string> Read(Stream file)
    {
        using var image = new PEReader(file, PEStreamOptions.LeaveOpen);
        if (image.PEHeaders.PEHeader is not { ImportTableDirectory: { RelativeVirtualAddress: > 0 } table }) return [];
        var names = new List<string>();
        for (int i = 0; i < MostImports; i++)
        {
            int name = image.GetSectionData(table.RelativeVirtualAddress + i * DescriptorSize).GetReader(NameField, sizeof(int)).ReadInt32();
            if (name == 0) break;
            names.Add(Text(image.GetSectionData(name)));
        }

        return names;
    }

    private static string Text(PEMemoryBlock block)
    {
        ReadOnlySpan<byte> bytes = block.GetContent(0, Math.Min(block.Length, LongestName)).AsSpan();
        int end = bytes.IndexOf((byte)0);
        return end >= 0 ? Encoding.ASCII.GetString(bytes[..end]) : throw new BadImageFormatException("An import has no name.");
    }
}
