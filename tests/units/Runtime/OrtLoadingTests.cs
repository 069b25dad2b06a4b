using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using ColbertOnnx.Native;
using ColbertOnnx.Runtime;
using ColbertOnnx.Tests.Faces;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>
/// Which library of ONNX Runtime a process gets, and which managed API; each case in a process or a load context of its own.
/// </summary>
[Collection(nameof(Alone))]
public sealed class OrtLoadingTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_library_of_the_same_name_on_the_search_path_never_wins()
    {
        Dictionary<string, string> variables = DecoyOnPath();
        await Check(variables, typeof(DecoyCheck));
        var run = await ColbertProcess.RunWith(
            variables, "a text\n", "encode", "--document", "--model", TestData.Path("onnx", "bert-base"), "-", "-o", "-");
        Assert.Equal((0, ""), (run.Exit, run.Error));
    }

    [Fact]
    public async Task The_variable_s_library_is_the_one_that_both_sides_use()
    {
        string copy = folder.File(Path.GetFileName(OrtLibraryLocator.Find()));
        File.Copy(OrtLibraryLocator.Find(), copy);
        await Check(new() { [OrtLibraryLocator.Variable] = folder.Path, [NamedCheck.Expected] = copy }, typeof(NamedCheck));
    }

    [Fact]
    public Task What_keeps_the_library_from_loading_can_be_mended_in_the_same_process() => Check(DecoyOnPath(), typeof(MendedCheck));

    [Fact]
    public Task Who_used_the_managed_API_before_keeps_its_library_and_we_use_it_too() =>
        Check(new() { [UserFirstCheck.Wanted] = "1" }, typeof(UserFirstCheck));

    [Fact]
    public void An_older_managed_API_in_the_same_load_context_is_an_error_with_both_versions()
    {
        var old = new PersistedAssemblyBuilder(new AssemblyName("Microsoft.ML.OnnxRuntime, Version=1.20.1.0"), typeof(object).Assembly);
        old.DefineDynamicModule("old").DefineType("Microsoft.ML.OnnxRuntime.InferenceSession", TypeAttributes.Public).CreateType();
        old.Save(folder.File("Microsoft.ML.OnnxRuntime.dll"));
        var context = new SharedContext(folder.Path);
        Type model = context.LoadFromAssemblyPath(typeof(ColbertModel).Assembly.Location)
            .GetType(typeof(ColbertModel).FullName!, throwOnError: true)!;
        var thrown = Assert.Throws<TargetInvocationException>(() =>
            model.GetMethod(nameof(ColbertModel.Load))!.Invoke(null, [TestData.Path("onnx", "bert-base"), null]));
        dynamic error = thrown.InnerException!;
        Assert.Equal(nameof(ColbertErrorId.NativeLibraryNotFound), error.Id.ToString());
        Assert.Contains("1.20.1.0; 1.30 or later is needed", (string)error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    // A library that loads and is not ONNX Runtime.
    private Dictionary<string, string> DecoyOnPath()
    {
        string system = Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*System.IO.Compression.Native.*").First();
        string[] names = OperatingSystem.IsWindows()
            ? ["onnxruntime.dll"]
            : OperatingSystem.IsMacOS() ? ["libonnxruntime.dylib"]
            : ["libonnxruntime.so", "libonnxruntime.so.1"];
        foreach (string name in names) File.Copy(system, folder.File(name));
        string variable = OperatingSystem.IsWindows() ? "PATH" : OperatingSystem.IsMacOS() ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
        string before = Environment.GetEnvironmentVariable(variable) ?? "";
        return new()
        {
            [variable] = before.Length > 0 ? folder.Path + Path.PathSeparator + before : folder.Path,
            [MendedCheck.Decoy] = folder.File(names[0]),
        };
    }

    private async Task Check(Dictionary<string, string> variables, Type check)
    {
        (int exit, string text) = await TestProcess.Run(variables, check);
        if (exit != 0) output.WriteLine(text);
        Assert.Equal(0, exit);
        Assert.Contains("Total: 1,", text, StringComparison.Ordinal);
    }

    private sealed class SharedContext(string folder) : AssemblyLoadContext("shared")
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == "Microsoft.ML.OnnxRuntime"
                ? LoadFromAssemblyPath(Path.Combine(folder, "Microsoft.ML.OnnxRuntime.dll"))
                : null;
    }
}

public sealed class DecoyCheck
{
    [Fact]
    public void The_graph_runs_though_the_name_stands_for_the_decoy()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(MendedCheck.Decoy) is null, "OrtLoadingTests runs it in a process of its own.");
        UserFirstCheck.RunGraph();
        Assert.True(NativeLibrary.TryLoad(
            OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so",
            out nint decoy));
        Assert.False(NativeLibrary.TryGetExport(decoy, "OrtGetApiBase", out _));
    }
}

public sealed class NamedCheck
{
    public const string Expected = "COLBERT_TEST_EXPECTED_LIBRARY";

    [Fact]
    public void It_alone_is_in_the_process()
    {
        string? expected = Environment.GetEnvironmentVariable(Expected);
        Assert.SkipWhen(expected is null, "OrtLoadingTests runs it in a process of its own.");
        UserFirstCheck.RunGraph();
        Assert.Equal(expected, OrtLibrary.Loaded.Path);
        Assert.Equal([expected], UserFirstCheck.Mapped());
    }
}

public sealed class MendedCheck
{
    public const string Decoy = "COLBERT_TEST_DECOY";

    [Fact]
    public void A_missing_one_a_wrong_one_and_then_the_right_one()
    {
        string? decoy = Environment.GetEnvironmentVariable(Decoy);
        Assert.SkipWhen(decoy is null, "OrtLoadingTests runs it in a process of its own.");
        foreach (string named in (string[])[decoy + ".absent", decoy, Path.GetFileName(decoy)])
        {
            Environment.SetEnvironmentVariable(OrtLibraryLocator.Variable, named);
            Assert.Equal(ColbertErrorId.NativeLibraryNotFound, Assert.Throws<ColbertException>(UserFirstCheck.RunGraph).Id);
            Assert.Equal(
                ColbertErrorId.NativeLibraryNotFound, Assert.Throws<ColbertException>(() => ColbertRuntime.GetExecutionProviders()).Id);
        }

        Environment.SetEnvironmentVariable(OrtLibraryLocator.Variable, null);
        UserFirstCheck.RunGraph();
    }
}

public sealed class UserFirstCheck
{
    public const string Wanted = "COLBERT_TEST_USER_FIRST";

    private static readonly string Graph = TestData.Path("onnx", "bert-base", "model.onnx");

    [Fact]
    public void Both_run_over_one_library()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Wanted) is null, "OrtLoadingTests runs it in a process of its own.");
        using var theirs = new InferenceSession(Graph);
        Assert.NotEmpty(theirs.InputNames);
        RunGraph();
        RunGraph(quantized: true);
        Assert.NotEmpty(ColbertRuntime.GetExecutionProviders());
        Assert.Equal([OrtLibrary.Loaded.Path], Mapped());
    }

    internal static void RunGraph() => RunGraph(quantized: false);

    internal static string[] Mapped() => OperatingSystem.IsLinux()
        ? [.. File.ReadLines("/proc/self/maps").Where(line => line.Contains("libonnxruntime", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).Distinct()]
        : [OrtLibrary.Loaded.Path];

    // The INT8 graph has our operators in it.
    private static void RunGraph(bool quantized)
    {
        using OrtEncoderSession session = OrtEncoderSession.Open(
            quantized ? Graph.Replace("model.onnx", "model_int8.onnx", StringComparison.Ordinal) : Graph, new());
        float[] rows = new float[2 * session.Dimension];
        session.Run(1, 2, [2, 3], [1, 1], rows, default);
        Assert.All(rows, number => Assert.True(float.IsFinite(number)));
    }
}
