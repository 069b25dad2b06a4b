using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using ColbertOnnx.Native;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>What keeps ONNX Runtime's Windows builds from loading, told by their own tables of imports: no Windows is needed to read them.</summary>
public sealed class VisualCppRuntimeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("win-x64", Architecture.X64, "VCRUNTIME140_1.dll", "vc_redist.x64.exe")]
    [InlineData("win-arm64", Architecture.Arm64, "VCRUNTIME140.dll", "vc_redist.arm64.exe")]
    public void The_DLLs_that_are_missing_are_named_and_where_they_come_from(string platform, Architecture architecture, string last, string installer)
    {
        string library = Library(platform);
        var error = VisualCppRuntime.Missing(library, architecture, _ => false, null)!;
        Assert.Equal((ColbertErrorId.NativeLibraryNotFound, library), (error.Id, error.Target));
        Assert.Contains("MSVCP140.dll, MSVCP140_1.dll", error.Message, StringComparison.Ordinal);
        Assert.Contains(last, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("KERNEL32", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(installer, error.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_is_missing_is_named_and_where_nothing_is_there_is_another_reason()
    {
        var error = VisualCppRuntime.Missing(Library("win-x64"), Architecture.X64, name => name != "MSVCP140_1.dll", null)!;
        Assert.Contains("lacks MSVCP140_1.dll.", error.Message, StringComparison.Ordinal);
        Assert.Null(VisualCppRuntime.Missing(Library("win-x64"), Architecture.X64, _ => true, null));
    }

    [Fact]
    public void A_file_that_is_no_Windows_library_or_ends_early_says_nothing_of_it()
    {
        byte[] whole = File.ReadAllBytes(Library("win-arm64"));
        foreach (byte[] bytes in new[] { [], "no library"u8.ToArray(), whole[..100], whole[..5000], whole[..(whole.Length / 2)] })
        {
            File.WriteAllBytes(folder.File("x.dll"), bytes);
            Assert.Null(VisualCppRuntime.Missing(folder.File("x.dll"), Architecture.X64, _ => false, null));
        }

        Assert.Null(VisualCppRuntime.Missing(folder.File("nothing.dll"), Architecture.X64, _ => false, null));
    }

    [Fact]
    public void Imports_are_read_in_their_order()
    {
        using FileStream file = File.OpenRead(Library("win-x64"));
        IReadOnlyList<string> names = WindowsImports.Read(file);
        Assert.Contains("KERNEL32.dll", names, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(names.Distinct(), names);
        using var image = new PEReader(File.OpenRead(Library("win-x64")));
        Assert.Equal(image.PEHeaders.PEHeader!.ImportTableDirectory.Size / 20 - 1, names.Count);
    }

    public void Dispose() => folder.Dispose();

    private static string Library(string platform) => NativePackage.Library(platform, "onnxruntime.dll");
}
