using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ColbertOnnx.IO;
using ColbertOnnx.Native;
using ColbertOnnx.Onnx;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime.Providers;
using ColbertOnnx.Runtime.Rows;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Runtime;

/// <summary>A graph in ONNX Runtime. One set of weights; many threads may run it at once.</summary>
internal sealed class OrtEncoderSession : IEncoderSession
{
    // The C API has no code of its own for it: the words of the CPU's allocator, of arenas, CUDA, cuBLAS, Direct3D, Vulkan and Dawn.
    private static readonly string[] MemoryWords =
    [
        "bad_alloc", "allocate memory", "out of memory", "ALLOC_FAILED", "smaller than requested bytes", "E_OUTOFMEMORY", "8007000E",
        "OUT_OF_DEVICE_MEMORY", "OUT_OF_HOST_MEMORY",
    ];

    // Scales that are made while the graph runs, over all that an operator is given. Those that stand in a file are the same for every
    // call.
    private static readonly HashSet<string> ScalingOperators = new(StringComparer.Ordinal)
    {
        "DynamicQuantizeLinear", "DynamicQuantizeMatMul", "MatMulInteger",
    };

    private readonly InferenceSession session;
    private readonly OrtManagedRun run;
    private readonly string file;
    private readonly GraphSignature signature;

    private OrtEncoderSession(InferenceSession session, string file, GraphSignature signature)
    {
        this.session = session;
        this.file = file;
        this.signature = signature;
        run = new OrtManagedRun(session, signature.Inputs, signature.Output);
        IsPerToken = session.ModelMetadata.CustomMetadataMap.GetValueOrDefault(OnnxNames.Quantization) == OnnxNames.PerToken;
        IReadOnlyList<OrtAssignedNodes> nodes = OrtManaged.GetAssignment(session);
        HasPerTensorScales = !IsPerToken && nodes.Any(piece => piece.Operators.Any(ScalingOperators.Contains));
        Providers = NodeAssignment.Of(nodes);
        Dimension = GraphSignature.CheckDimension(signature.Dimension > 0 ? signature.Dimension : ProbeDimension(), file);
    }

    /// <summary>The execution providers that run the nodes.</summary>
    public IReadOnlyList<ColbertProviderShare> Providers { get; }

    public int Dimension { get; }

    /// <summary>The graph says of itself that its INT8 scales are those of single tokens. FP32 graphs do not say it.</summary>
    public bool IsPerToken { get; }

    public bool HasPerTensorScales { get; }

    public bool UsesTokenTypeIds => signature.UsesTokenTypeIds;

    /// <summary>Opens a graph; external data is looked for beside it.</summary>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.NativeLibraryNotFound"/>, <see cref="ColbertErrorId.ModelNotFound"/>,
    /// <see cref="ColbertErrorId.ModelInvalid"/>, <see cref="ColbertErrorId.ModelIncomplete"/>,
    /// <see cref="ColbertErrorId.InsufficientMemory"/>.
    /// </exception>
    /// <exception cref="ProviderException">A provider cannot be added, or the graph does not open with it.</exception>
    public static OrtEncoderSession Open(string file, EncoderSessionOptions options)
    {
        if (!FileLinks.IsThere(file))
            throw new ColbertException(ColbertErrorId.ModelNotFound, $"There is no file '{file}'.", file, "Name a model folder.");
        using IDisposable environment = OrtEnvironment.Begin();
        FusedGraph? fused = FusedGraph.Read(file, options);
        OrtEnvironment.Require();
        return OpenChecked(file, fused, options);
    }

    // Of its own: the types that it names are loaded before its first line.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OrtEncoderSession OpenChecked(string file, FusedGraph? fused, in EncoderSessionOptions options)
    {
        InferenceSession? session = null;
        try
        {
            session = OrtSessionSettings.Open(file, fused, options);
            return new OrtEncoderSession(
                session, file,
                GraphSignature.Check(
                    Tensors(session.InputNames, session.InputMetadata), Tensors(session.OutputNames, session.OutputMetadata), file));
        }
        catch (Exception e)
        {
            session?.Dispose();

            // The managed API reads inputs and outputs while it opens, and some element types it does not know.
            if (e is not (OnnxRuntimeException or OrtException or ArgumentException or NotSupportedException)) throw;
            OrtException failure = e as OrtException ?? OrtManaged.Coded(e);
            if (options.Providers is not [var first, ..] uses) throw OpenError(failure, file);

            // The provider that the message names, else the first: without it the graph may open.
            throw new ProviderException(
                uses.FirstOrDefault(use => failure.Message.Contains(use.Rules.OnnxRuntimeName, StringComparison.Ordinal)) ?? first,
                failure.Message.Trim(), failure);
        }
    }

    public void Run(
        int batch, int length, ReadOnlySpan<int> ids, ReadOnlySpan<byte> attentionMask, Span<float> output, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int tokens = batch * length, values = tokens * Dimension;
        if (ids.Length != tokens || attentionMask.Length != tokens || output.Length != values)
            throw new ArgumentException("The spans do not fit batch and length.");
        long[] inputShape = [batch, length], outputShape = [batch, length, Dimension];
        byte[] inputs = ArrayPool<byte>.Shared.Rent(InputBytes(tokens));
        byte[]? halves = signature.Output.ElementType == OrtElementType.Float16 ? ArrayPool<byte>.Shared.Rent(values * 2) : null;
        try
        {
            Span<byte> filled = inputs.AsSpan(0, InputBytes(tokens));
            Fill(filled, ids, attentionMask);
            Span<byte> target = halves is null ? MemoryMarshal.AsBytes(output) : halves.AsSpan(0, values * 2);
            RunCancellable(filled, inputShape, target, outputShape, cancellation);
            if (halves is null) return;
            ReadOnlySpan<Half> wide = MemoryMarshal.Cast<byte, Half>(target);
            for (int i = 0; i < values; i++) output[i] = (float)wide[i];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(inputs);
            if (halves is not null) ArrayPool<byte>.Shared.Return(halves);
        }
    }

    public void Dispose() => session.Dispose();

    /// <summary>The inputs or outputs of a session, in the graph's order.</summary>
    internal static OrtTensorInfo[] Tensors(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> all) =>
        [.. names.Select(name => Tensor(name, all[name]))];

    private static OrtTensorInfo Tensor(string name, NodeMetadata node) => node.IsTensor
        ? new OrtTensorInfo(name, (OrtElementType)node.ElementDataType, [.. node.Dimensions.Select(dimension => (long)dimension)])
        : new OrtTensorInfo(name, OrtElementType.Undefined, []);

    private void RunCancellable(Span<byte> inputs, long[] inputShape, Span<byte> output, long[] outputShape, CancellationToken cancellation)
    {
        using RunOptions? options = cancellation.CanBeCanceled ? new RunOptions() : null;

        // Disposed before the options are: its Dispose waits for a callback that is under way.
        using CancellationTokenRegistration registration = options is null
            ? default
            : cancellation.UnsafeRegister(static o => ((RunOptions)o!).Terminate = true, options);
        try
        {
            run.Run(options, inputs, inputShape, output, outputShape);
        }
        catch (OnnxRuntimeException managed)
        {
            cancellation.ThrowIfCancellationRequested();
            OrtException e = OrtManaged.Coded(managed);
            throw IsMemory(e)
                ? new ColbertException(
                    ColbertErrorId.InsufficientMemory, $"Not enough memory for {inputShape[0]} x {inputShape[1]} tokens: {e.Message}", file,
                    "Use a smaller -BatchSize or shorter texts.", e)
                : new ColbertException(
                    ColbertErrorId.InferenceFailed, $"'{file}' failed on {inputShape[0]} x {inputShape[1]} tokens: {e.Message}", file,
                    "Check that the lengths fit the model's positions and that the tokenizer belongs to the graph.", e);
        }
    }

    // Inputs lie one after the other, each in its own element type; those of one graph have the same type.
    private void Fill(Span<byte> inputs, ReadOnlySpan<int> ids, ReadOnlySpan<byte> mask)
    {
        int bytes = inputs.Length / signature.Inputs.Length;
        for (int i = 0; i < signature.Inputs.Length; i++)
        {
            Span<byte> target = inputs.Slice(i * bytes, bytes);
            switch (signature.Inputs[i].Name)
            {
                case GraphSignature.InputIds: Widen(ids, target); break;
                case GraphSignature.AttentionMask: Widen(mask, target); break;
                default: target.Clear(); break; // token types: one text alone is all zeros
            }
        }
    }

    private void Widen<T>(ReadOnlySpan<T> source, Span<byte> target)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (ElementSize == sizeof(long))
        {
            Span<long> wide = MemoryMarshal.Cast<byte, long>(target);
            for (int i = 0; i < source.Length; i++) wide[i] = long.CreateTruncating(source[i]);
        }
        else
        {
            Span<int> wide = MemoryMarshal.Cast<byte, int>(target);
            for (int i = 0; i < source.Length; i++) wide[i] = int.CreateTruncating(source[i]);
        }
    }

    private int ElementSize => signature.Inputs[0].ElementType == OrtElementType.Int64 ? sizeof(long) : sizeof(int);

    private int InputBytes(int tokens) => checked(tokens * ElementSize * signature.Inputs.Length);

    private long ProbeDimension()
    {
        try
        {
            byte[] inputs = new byte[InputBytes(1)];
            Fill(inputs, [0], [1]);
            return run.RunForShape(inputs, [1, 1])[^1];
        }
        catch (OnnxRuntimeException e)
        {
            throw OpenError(OrtManaged.Coded(e), file);
        }
    }

    private static bool IsMemory(OrtException e) => MemoryWords.Any(words => e.Message.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static ColbertException OpenError(OrtException e, string file)
    {
        if (IsMemory(e))
            return new ColbertException(
                ColbertErrorId.InsufficientMemory, $"Not enough memory to open '{file}': {e.Message}", file,
                "Free memory, or use the INT8 model (-Quantized).", e);

        // Weights beside the graph that are missing or cut off: the library says "external" in every such message.
        return e.Code == OrtErrorCode.NoSuchFile || e.Message.Contains("external", StringComparison.OrdinalIgnoreCase)
            ? new ColbertException(
                ColbertErrorId.ModelIncomplete, $"The weights that '{file}' keeps beside it could not be read: {e.Message}", file,
                "Copy the whole model folder again.", e)
            : new ColbertException(
                ColbertErrorId.ModelInvalid, $"'{file}' is not a model that ONNX Runtime {OrtLibrary.Loaded.Version} can open: {e.Message}",
                file, "Copy or export the model again.", e);
    }
}
