using System.Runtime.Loader;
using ColbertOnnx.Inputs;
using ColbertOnnx.Native;
using ColbertOnnx.Parquet;
using ColbertOnnx.Tests.Parquet;

namespace ColbertOnnx.Tests.Inputs;

public sealed class ParquetAddOnTests
{
    private static readonly string Folder = Path.Combine(
        TestData.Repository, "src", "ColbertOnnx.Cli", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0",
        ParquetAddOn.Folder);

    [Fact]
    public void A_folder_that_is_named_is_loaded_apart_with_its_own_native_library()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("texts.parquet");
        TestTable.Write(path, TestTable.Strings("text", "one", "two"));
        ITextFormat format = ParquetAddOn.Create(path, Folder);
        Assert.NotEqual(typeof(ParquetFormat), format.GetType());
        Assert.NotSame(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(format.GetType().Assembly));
        Assert.Equal(["one", "two"], format.ReadTexts(path, new InputOptions(), null).Select(item => item.Text));
    }

    [Theory]
    [InlineData("parquet", "COLBERT_PARQUET names 'parquet', which is not a full path.", "a full path")]
    [InlineData("{0}", "there is no ColbertOnnx.Parquet.dll in it", "Install-PSResource ColbertOnnxParquet")]
    public void A_folder_that_is_not_it_is_an_error_that_says_what_to_install(string named, string what, string action)
    {
        using var folder = new TemporaryFolder();
        ColbertException error = Assert.Throws<ColbertException>(() => ParquetAddOn.Create(
            "x.parquet", named.Replace("{0}", folder.Path, StringComparison.Ordinal)));
        Assert.Equal((ColbertErrorId.NativeLibraryNotFound, 3), (error.Id, error.ExitCode));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(action, error.Action, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_is_not_it_is_an_error_that_names_it(bool isAssembly)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("ColbertOnnx.Parquet.dll", "half a copy");
        if (isAssembly) File.Copy(typeof(Cli.Application).Assembly.Location, folder.File("ColbertOnnx.Parquet.dll"), overwrite: true);
        ColbertException error = Assert.Throws<ColbertException>(() => ParquetAddOn.Create("x.parquet", folder.Path));
        Assert.Equal((ColbertErrorId.NativeLibraryNotFound, folder.File("ColbertOnnx.Parquet.dll")), (error.Id, error.Target));
        Assert.Contains("cannot be loaded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_native_library_of_this_machine_the_error_names_the_machine()
    {
        using var folder = new TemporaryFolder();
        folder.Copy(Folder);
        ColbertException error = Assert.Throws<ColbertException>(() => ParquetAddOn.Create("x.parquet", folder.Path));
        Assert.Equal(ColbertErrorId.NativeLibraryNotFound, error.Id);
        Assert.Contains($"does not run on {OrtLibraryLocator.Platform}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_it_is_loaded_before_a_Parquet_path_is_met()
    {
        Assert.DoesNotContain(
            typeof(ColbertModel).Assembly.GetReferencedAssemblies(), name => name.Name!.Contains("Parquet", StringComparison.Ordinal));
        Assert.DoesNotContain(
            typeof(Cli.Application).Assembly.GetReferencedAssemblies(), name => name.Name!.Contains("Parquet", StringComparison.Ordinal));
    }
}
