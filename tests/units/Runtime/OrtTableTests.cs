using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using ColbertOnnx.Native;
using ColbertOnnx.Native.Operators;

namespace ColbertOnnx.Tests.Runtime;

public sealed class OrtTableTests
{
    private static readonly string[] Table = File.ReadAllLines(TestData.Path("onnxruntime", "c-api-table.txt"));

    private static readonly JsonElement Values = JsonDocument.Parse(File.ReadAllText(TestData.Path(
        "onnxruntime", "c-api-values.json"))).RootElement;

    [Fact]
    public void Each_function_has_its_place_in_the_header()
    {
        Assert.Equal(426, Table.Length);
        foreach (OrtFunction function in Enum.GetValues<OrtFunction>()) Assert.Equal(function.ToString(), Table[(int)function]);
    }

    [Theory]
    [InlineData(OrtElementType.Undefined, "ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED")]
    [InlineData(OrtElementType.Float, "ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT")]
    [InlineData(OrtElementType.UInt8, "ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8")]
    [InlineData(OrtElementType.Int32, "ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32")]
    [InlineData(OrtElementType.Int64, "ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64")]
    [InlineData(OrtElementType.Bool, "ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL")]
    [InlineData(OrtElementType.Float16, "ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16")]
    internal void Element_types_have_the_header_s_values(OrtElementType type, string name) =>
        Assert.Equal(Values.GetProperty("ONNXTensorElementDataType").GetProperty(name).GetInt32(), (int)type);

    [Theory]
    [InlineData("OrtHardwareDeviceType", "OrtHardwareDeviceType_CPU", (int)OrtDeviceKind.Cpu)]
    [InlineData("OrtHardwareDeviceType", "OrtHardwareDeviceType_GPU", (int)OrtDeviceKind.Gpu)]
    [InlineData("OrtHardwareDeviceType", "OrtHardwareDeviceType_NPU", (int)OrtDeviceKind.Npu)]
    public void Kinds_of_devices_have_the_header_s_numbers(string enumeration, string name, int value) =>
        Assert.Equal(Values.GetProperty(enumeration).GetProperty(name).GetInt32(), value);

    [Fact]
    public void OrtApiBase_is_two_pointers_in_this_order()
    {
        JsonElement offsets = Values.GetProperty("OrtApiBase");
        Assert.Equal(0, offsets.GetProperty("GetApi").GetInt32());
        Assert.Equal(IntPtr.Size, offsets.GetProperty("GetVersionString").GetInt32());
    }

    [Fact]
    public void An_operator_is_described_in_the_header_s_order()
    {
        (string, int)[] header =
        [
            .. Values.GetProperty("OrtCustomOp").EnumerateObject().Select(field => (field.Name, field.Value.GetInt32())),
        ];
        Assert.Equal(26, header.Length);
        Assert.Equal(
            header,
            typeof(OrtCustomOp).GetFields()
                .Select(field => (field.Name == "Version" ? "version" : field.Name, (int)Marshal.OffsetOf<OrtCustomOp>(field.Name))));
    }

    [Fact]
    public void The_library_of_the_build_is_release_1_30_loaded_by_its_absolute_path()
    {
        Assert.Equal("1.30.0", OrtLibrary.Loaded.Version);
        Assert.Equal("1.30.0.0", typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.GetName().Version!.ToString());
        Assert.True(Path.IsPathFullyQualified(OrtLibrary.Loaded.Path));
        Assert.StartsWith(AppContext.BaseDirectory, OrtLibrary.Loaded.Path, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains(OrtLibrary.Loaded.Path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.17.3")]
    [InlineData("1.29.9")]
    [InlineData("0.30.0")]
    [InlineData("")]
    public void A_library_that_is_too_old_is_refused_with_its_version(string version)
    {
        var error = Assert.Throws<ColbertException>(() => OrtLibrary.CheckVersion(version, "/some/lib.so", new Version(1, 30, 0, 0)));
        Assert.Equal(ColbertErrorId.NativeLibraryNotFound, error.Id);
        Assert.Contains($"ONNX Runtime {version}; 1.30 or later", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.30.0")]
    [InlineData("1.31.1")]
    [InlineData("2.0.0")]
    public void Newer_libraries_are_taken(string version) => OrtLibrary.CheckVersion(version, "/some/lib.so", new Version(1, 30, 0, 0));

    [Fact]
    public void A_file_that_is_no_library_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("libonnxruntime.so.1");
        File.WriteAllText(file, "not a library");
        var error = Assert.Throws<ColbertException>(() => OrtLibrary.Load(file, new Version(1, 30), out _));
        Assert.Equal(ColbertErrorId.NativeLibraryNotFound, error.Id);
        Assert.Equal(file, error.Target);
    }

    [Fact]
    public void Raw_pointers_stay_in_the_native_room()
    {
        foreach (Type type in (Type[])[.. typeof(OrtLibrary).Assembly.GetTypes(), .. typeof(ColbertException).Assembly.GetTypes()])
        {
            if (type.Namespace is null or "ColbertOnnx.Native" or "ColbertOnnx.Native.Operators") continue;
            foreach (MethodInfo method in type.GetMethods(
                BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Assert.False(
                    method.ReturnType.IsPointer || method.GetParameters().Any(p => p.ParameterType.IsPointer),
                    $"{type.FullName}.{method.Name}");
            }
        }
    }
}
