using ColbertOnnx.Native;

namespace ColbertOnnx.Tests.Native;

public sealed class OrtLibraryLocatorTests
{
    private static string FileName =>
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so.1";

    [Fact]
    public void The_variable_may_name_the_file_or_its_folder()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File(FileName);
        File.WriteAllText(file, "");
        Assert.Equal(file, OrtLibraryLocator.Find(file, []));
        Assert.Equal(file, OrtLibraryLocator.Find(folder.Path, []));
    }

    [Fact]
    public void A_variable_that_names_nothing_is_an_error_and_no_fallback()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(FileName), "");
        var error = Assert.Throws<ColbertException>(() => OrtLibraryLocator.Find(folder.File("absent"), [folder.Path]));
        Assert.Equal(ColbertErrorId.NativeLibraryNotFound, error.Id);
        Assert.Contains("COLBERT_ONNXRUNTIME", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("libonnxruntime.so.1")]
    [InlineData("natives/linux-x64")]
    public void A_relative_path_in_the_variable_is_refused_whatever_lies_there(string named)
    {
        var error = Assert.Throws<ColbertException>(() => OrtLibraryLocator.Find(named, []));
        Assert.Equal(ColbertErrorId.NativeLibraryNotFound, error.Id);
        Assert.Contains($"COLBERT_ONNXRUNTIME names '{named}', which is not a full path", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_folder_that_holds_the_library_wins()
    {
        using TemporaryFolder empty = new(), first = new(), second = new();
        File.WriteAllText(first.File(FileName), "");
        File.WriteAllText(second.File(FileName), "");
        Assert.Equal(first.File(FileName), OrtLibraryLocator.Find(null, [empty.Path, first.Path, second.Path]));
    }

    [Fact]
    public void When_there_is_none_the_error_lists_every_place()
    {
        using TemporaryFolder first = new(), second = new();
        var error = Assert.Throws<ColbertException>(() => OrtLibraryLocator.Find("", [first.Path, second.Path]));
        Assert.Equal(ColbertErrorId.NativeLibraryNotFound, error.Id);
        Assert.Contains(first.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(second.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_made_for_another_platform_says_for_which()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("runtimes/plan9-x64/native/libonnxruntime.so.1")
            .With("runtimes/vms-x64/native/another.so").With("runtimes/unix/lib/net10.0/some.dll");
        var error = Assert.Throws<ColbertException>(() => OrtLibraryLocator.Find(
            null, [folder.File($"runtimes/{OrtLibraryLocator.Platform}/native"), folder.Path]));
        Assert.Contains("There is one for plan9-x64.", error.Message, StringComparison.Ordinal);
        Assert.Contains(OrtLibraryLocator.Platform, error.Action, StringComparison.Ordinal);
    }
}
