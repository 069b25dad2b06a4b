using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using ColbertOnnx.Native;
using ColbertOnnx.Tests.Runtime;

namespace ColbertOnnx.Tests.Native;

/// <summary>
/// What keeps ONNX Runtime's Windows builds from loading, told by their own tables of imports: no Windows is needed to read them.
/// </summary>
public sealed class VisualCppRuntimeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("win-x64", Architecture.X64, "VCRUNTIME140_1.dll", "vc_redist.x64.exe")]
    [InlineData("win-arm64", Architecture.Arm64, "VCRUNTIME140.dll", "vc_redist.arm64.exe")]
    public void The_DLLs_that_are_missing_are_named_and_where_they_come_from(
        string platform, Architecture architecture, string last, string installer)
    {
        string library = Library(platform);
        var error = VisualCppRuntime.Fault(library, architecture, _ => null, null)!;
        Assert.Equal((ColbertErrorId.NativeLibraryNotFound, library), (error.Id, error.Target));
        Assert.Contains("MSVCP140.dll, MSVCP140_1.dll", error.Message, StringComparison.Ordinal);
        Assert.Contains(last, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("KERNEL32", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith(installer, error.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_is_missing_is_named_and_where_nothing_is_there_is_another_reason()
    {
        var error = Fault(name => name == "MSVCP140_1.dll" ? null : Part(name, Compiler.Major, Compiler.Minor))!;
        Assert.EndsWith($"{Compiler} or later. Missing: MSVCP140_1.dll.", error.Message, StringComparison.Ordinal);
        Assert.Null(Fault(name => Part(name, Compiler.Major, Compiler.Minor)));
        Assert.Null(Fault(name => Part(name, Compiler.Major, Compiler.Minor + 7)));
    }

    [Fact]
    public void DLLs_that_are_older_than_the_library_s_compiler_are_named_with_their_place_and_version()
    {
        static VisualCppRuntime.Part Old(string name) =>
            Part(name, Compiler.Major, name == "MSVCP140.dll" ? Compiler.Minor - 10 : Compiler.Minor);
        var error = Fault(Old)!;
        Assert.Equal(
            (
                ColbertErrorId.NativeLibraryNotFound,
                $"'{Library("win-x64")}' needs the Visual C++ runtime {Compiler} or later. Too old: 'C:\\old\\MSVCP140.dll' "
                    + $"({Compiler.Major}.{Compiler.Minor - 10})."),
            (error.Id, error.Message));
        Assert.Contains("vc_redist.x64.exe An older copy in a program's own folder", error.Action, StringComparison.Ordinal);
        // of another platform
        Assert.Null(VisualCppRuntime.Fault(Library("win-x64"), Architecture.X64, Old, new BadImageFormatException()));
        Assert.Null(Fault(name => Part(name, 0, 0))); // Wine's own do not say what they are
    }

    [Fact]
    public void A_file_that_is_no_Windows_library_or_ends_early_says_nothing_of_it()
    {
        byte[] whole = File.ReadAllBytes(Library("win-arm64"));
        foreach (byte[] bytes in new[] { [], "no library"u8.ToArray(), whole[..100], whole[..5000], whole[..(whole.Length / 2)] })
        {
            File.WriteAllBytes(folder.File("x.dll"), bytes);
            Assert.Null(VisualCppRuntime.Fault(folder.File("x.dll"), Architecture.X64, _ => null, null));
        }

        Assert.Null(VisualCppRuntime.Fault(folder.File("nothing.dll"), Architecture.X64, _ => null, null));
    }

    [Fact]
    public void Imports_are_read_in_their_order()
    {
        using FileStream file = File.OpenRead(Library("win-x64"));
        (Version compiler, IReadOnlyList<string> names) = WindowsImports.Read(file);
        Assert.Contains("KERNEL32.dll", names, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(names.Distinct(), names);
        using var image = new PEReader(File.OpenRead(Library("win-x64")));
        Assert.Equal(image.PEHeaders.PEHeader!.ImportTableDirectory.Size / 20 - 1, names.Count);
        Assert.Equal(Compiler, compiler);
    }

    public void Dispose() => folder.Dispose();

    private static Version Compiler
    {
        get
        {
            using var image = new PEReader(File.OpenRead(Library("win-x64")));
            return new Version(image.PEHeaders.PEHeader!.MajorLinkerVersion, image.PEHeaders.PEHeader.MinorLinkerVersion);
        }
    }

    private static ColbertException? Fault(Func<string, VisualCppRuntime.Part?> find) =>
        VisualCppRuntime.Fault(Library("win-x64"), Architecture.X64, find, null);

    private static VisualCppRuntime.Part Part(string name, int major, int minor) => new($"C:\\old\\{name}", new Version(major, minor));

    private static string Library(string platform) => NativePackage.Library(platform, "onnxruntime.dll");
}
