using System.Buffers;
using System.Runtime.InteropServices;
using ColbertOnnx.Native;
using ColbertOnnx.Onnx;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Quantization;
using ColbertOnnx.Runtime.Providers;
using ColbertOnnx.Runtime.Rows;

namespace ColbertOnnx.Runtime;

/// <summary>A graph in ONNX Runtime. One set of weights; many threads may run it at once.</summary>
internal sealed class OrtEncoderSession : IEncoderSession
{
    // The C API has no code of its own for it: the words of the processor's allocator, of arenas, CUDA, cuBLAS, Direct3D, Vulkan and Dawn.
    private static readonly string[] MemoryWords =
    [
        "bad_alloc", "allocate memory", "out of memory", "ALLOC_FAILED", "smaller than requested bytes", "E_OUTOFMEMORY", "8007000E", "OUT_OF_DEVICE_MEMORY", "OUT_OF_HOST_MEMORY",
    ];

    // Scales that are made while the graph runs, over all that an operator is given. Those that stand in a file are the same for every call.
    private static readonly HashSet<string> ScalingOperators = new(StringComparer.Ordinal) { "DynamicQuantizeLinear", "DynamicQuantizeMatMul", "MatMulInteger" };

    private readonly OrtSessionHandle session;
    private readonly string file;
    private readonly GraphSignature signature;

    private OrtEncoderSession(OrtSessionHandle session, string file, GraphSignature signature)
    {
        this.session = session;
        this.file = file;
        this.signature = signature;
        IsPerToken = OrtLibrary.Loaded.GetMetadata(session, Quantizer.Key) == Quantizer.PerToken;
        IReadOnlyList<OrtAssignedNodes> nodes = OrtLibrary.Loaded.GetAssignment(session);
        SharesScales = !IsPerToken && nodes.Any(piece => piece.Operators.Any(ScalingOperators.Contains));
        Providers = NodeAssignment.Of(nodes);
        Dimension = (int)(signature.Dimension > 0 ? signature.Dimension : ProbeDimension());
    }

    /// <summary>Who runs its nodes.</summary>
    public IReadOnlyList<ColbertProviderShare> Providers { get; }

    public int Dimension { get; }

    /// <summary>The graph says of itself that its INT8 scales are those of single tokens. FP32 graphs do not say it.</summary>
    public bool IsPerToken { get; }

    public bool SharesScales { get; }

    public bool UsesTokenTypeIds => signature.UsesTokenTypeIds;

    /// <summary>Opens a graph; external data is looked for beside it.</summary>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.NativeLibraryNotFound"/>, <see cref="ColbertErrorId.ModelNotFound"/>, <see cref="ColbertErrorId.ModelInvalid"/>,
    /// <see cref="ColbertErrorId.ModelIncomplete"/>, <see cref="ColbertErrorId.InsufficientMemory"/>.
    /// </exception>
    /// <exception cref="ProviderException">A provider cannot be added, or the graph does not open with it.</exception>
    public static OrtEncoderSession Open(string file, EncoderSessionOptions options)
    {
        if (!FileLinks.IsThere(file)) throw new ColbertException(ColbertErrorId.ModelNotFound, $"There is no file '{file}'.", file, "Name a model folder.");
        OrtLibrary library = OrtLibrary.Loaded;
        OrtSessionHandle? session = null;
        try
        {
            // What has not the form of a graph, or asks for too much, does not come to the library. A packed graph is its own.
            OnnxModel? model = options.PackedGraph is null ? OnnxReader.Read(file) : null;
            using OrtSessionOptionsHandle settings = Configure(library, file, options);
            session = Create(library, settings, Path.GetFullPath(options.PackedGraph ?? file), model, options);
            return new OrtEncoderSession(session, file, GraphSignature.Check(library.GetTensors(session, inputs: true), library.GetTensors(session, inputs: false), file));
        }
        catch (Exception e)
        {
            session?.Dispose();
            if (e is not OrtException failure) throw;
            if (options.Providers is not [var first, ..] uses) throw OpenError(failure, file);

            // Whoever is named in the message, else the one that came first: without it the graph may open.
            throw new ProviderException(uses.FirstOrDefault(use => failure.Message.Contains(use.Rules.EngineName, StringComparison.Ordinal)) ?? first, failure.Message.Trim(), failure);
        }
    }

    public void Run(int batch, int length, ReadOnlySpan<int> ids, ReadOnlySpan<byte> attentionMask, Span<float> output, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int tokens = batch * length, numbers = tokens * Dimension;
        if (ids.Length != tokens || attentionMask.Length != tokens || output.Length != numbers) throw new ArgumentException("The spans do not fit batch and length.");
        ReadOnlySpan<long> inputShape = [batch, length], outputShape = [batch, length, Dimension];
        byte[] inputs = ArrayPool<byte>.Shared.Rent(InputBytes(tokens));
        byte[]? halves = signature.Output.ElementType == OrtElementType.Float16 ? ArrayPool<byte>.Shared.Rent(numbers * 2) : null;
        try
        {
            Span<byte> filled = inputs.AsSpan(0, InputBytes(tokens));
            Fill(filled, ids, attentionMask);
            Span<byte> target = halves is null ? MemoryMarshal.AsBytes(output) : halves.AsSpan(0, numbers * 2);
            RunCancellable(filled, inputShape, target, outputShape, cancellation);
            if (halves is null) return;
            ReadOnlySpan<Half> wide = MemoryMarshal.Cast<byte, Half>(target);
            for (int i = 0; i < numbers; i++) output[i] = (float)wide[i];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(inputs);
            if (halves is not null) ArrayPool<byte>.Shared.Return(halves);
        }
    }

    public void Dispose() => session.Dispose();

    private static OrtSessionOptionsHandle Configure(OrtLibrary library, string file, in EncoderSessionOptions options)
    {
        OrtSessionOptionsHandle settings = library.CreateSessionOptions();
        try
        {
            Configure(library, settings, file, options);
            return settings;
        }
        catch
        {
            settings.Dispose();
            throw;
        }
    }

    private static void Configure(OrtLibrary library, OrtSessionOptionsHandle settings, string file, in EncoderSessionOptions options)
    {
        library.SetOption(settings, OrtFunction.SetSessionGraphOptimizationLevel, options.Optimize && options.PackedGraph is null ? 99 : 0);
        library.SetOption(settings, OrtFunction.SetIntraOpNumThreads, options.Threads);
        library.SetOption(settings, OrtFunction.SetInterOpNumThreads, 1);
        library.DisableMemoryPattern(settings); // shapes change from call to call
        library.AddConfiguration(settings, "session.intra_op.allow_spinning", options.Spin ? "1" : "0");
        if (options.Spin) library.AddConfiguration(settings, "session.force_spinning_stop", "1");
        library.AddConfiguration(settings, "session.record_ep_graph_assignment_info", "1");
        if (options.Providers.Count > 0)
        {
            var context = ProviderContext.Of(file);
            foreach (ProviderUse use in options.Providers) OrtProviderHost.Append(settings, use, context);
        }

        // On the processor six to eight times slower than the two operators that it replaces (docs/decisions.md).
        else library.AddConfiguration(settings, "optimization.disable_specified_optimizers", "SkipLayerNormFusion");
        if (options.ProfileTo is { } profile) library.EnableProfiling(settings, profile);
        if (options.PackTo is not { } target) return;
        library.SetOptimizedModelFile(settings, Path.GetFullPath(target));
        library.AddConfiguration(settings, "session.optimized_model_external_initializers_file_name", Path.GetFileName(target) + ".data");
        library.AddConfiguration(settings, "session.optimized_model_external_initializers_min_size_in_bytes", "1024");
        library.AddConfiguration(settings, "session.save_external_prepacked_constant_initializers", "1");
    }

    // Other providers do not know our operators. A packed graph has them already.
    private static OrtSessionHandle Create(OrtLibrary library, OrtSessionOptionsHandle settings, string path, OnnxModel? model, in EncoderSessionOptions options)
    {
        if (options.Providers.Count > 0) return library.CreateSession(OrtEnvironment.Handle, path, settings);
        library.AddOperators(settings, OrtRowOperators.Domain);
        if (options is not { FuseRows: true, Optimize: true } || model is null || FusedGraph.Of(model, path) is not { } fused) return library.CreateSession(OrtEnvironment.Handle, path, settings);
        library.AddConfiguration(settings, "session.model_external_initializers_file_folder_path", fused.Folder);
        return library.CreateSession(OrtEnvironment.Handle, fused.Bytes, settings);
    }

    private void RunCancellable(Span<byte> inputs, ReadOnlySpan<long> inputShape, Span<byte> output, ReadOnlySpan<long> outputShape, CancellationToken cancellation)
    {
        OrtLibrary library = OrtLibrary.Loaded;
        using OrtRunOptionsHandle? options = cancellation.CanBeCanceled ? library.CreateRunOptions() : null;

        // Disposed before the options are: its Dispose waits for a callback that is under way.
        using CancellationTokenRegistration registration = options is null ? default : cancellation.UnsafeRegister(static o => OrtLibrary.Loaded.Terminate((OrtRunOptionsHandle)o!), options);
        try
        {
            library.Run(session, options, signature.Inputs, inputs, inputShape, signature.Output, output, outputShape);
        }
        catch (OrtException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw IsMemory(e)
                ? new ColbertException(ColbertErrorId.InsufficientMemory, $"Not enough memory for {inputShape[0]} x {inputShape[1]} tokens: {e.Message}", file, "Use a smaller -BatchSize or shorter texts.", e)
                : new ColbertException(ColbertErrorId.InferenceFailed, $"'{file}' failed on {inputShape[0]} x {inputShape[1]} tokens: {e.Message}", file, "Check that the lengths fit the model's positions and that the tokenizer belongs to the graph.", e);
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
            return OrtLibrary.Loaded.RunForShape(session, signature.Inputs, inputs, [1, 1], signature.Output)[^1];
        }
        catch (OrtException e)
        {
            throw OpenError(e, file);
        }
    }

    private static bool IsMemory(OrtException e) => MemoryWords.Any(words => e.Message.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static ColbertException OpenError(OrtException e, string file)
    {
        if (IsMemory(e)) return new ColbertException(ColbertErrorId.InsufficientMemory, $"Not enough memory to open '{file}': {e.Message}", file, "Free memory, or use the INT8 model (-Quantized).", e);

        // Weights beside the graph that are missing or cut off: the library says "external" in every such message.
        return e.Code == OrtErrorCode.NoSuchFile || e.Message.Contains("external", StringComparison.OrdinalIgnoreCase)
            ? new ColbertException(ColbertErrorId.ModelIncomplete, $"The weights that '{file}' keeps beside it could not be read: {e.Message}", file, "Copy the whole model folder again.", e)
            : new ColbertException(ColbertErrorId.ModelInvalid, $"'{file}' is not a model that ONNX Runtime {OrtLibrary.Loaded.Version} can open: {e.Message}", file, "Copy or export the model again.", e);
    }
}
