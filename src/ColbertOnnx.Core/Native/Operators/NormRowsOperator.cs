using System.Buffers;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// NormRows(x, scales, weight [columns], bias or none, other or none, sums or none, the norm's bias [columns] or none) gives, of the sum
/// that <see cref="ScaledRows"/> are, its layer norm as bytes u8 [rows, columns], their scales as QuantizeRows has them, and the norm or
/// the sum itself.
/// </summary>
internal readonly unsafe struct NormRowsOperator : IRowOperator
{
    public static OrtCustomOp Describe() => QuantizeRowsOperator.Describe() with
    {
        GetName = &Name,
        GetInputTypeCount = &Inputs,
        GetOutputTypeCount = &Outputs,
        GetInputCharacteristic = OrtRowOperators.FirstThree,
        CreateKernelV2 = &Create,
        KernelComputeV2 = &Compute,
    };

    [UnmanagedCallersOnly]
    private static byte* Name(OrtCustomOp* op) => OrtRowOperators.Text("NormRows\0"u8);

    [UnmanagedCallersOnly]
    private static nuint Inputs(OrtCustomOp* op) => 7;

    [UnmanagedCallersOnly]
    private static nuint Outputs(OrtCustomOp* op) => 3;

    [UnmanagedCallersOnly]
    private static nint Create(OrtCustomOp* op, nint api, nint info, void** kernel) => OrtRowOperators.Guard(&Read, kernel, info);

    private static nint Read(void* kernel, nint info)
    {
        OrtLibrary library = OrtLibrary.Loaded;
        nint status = QuantizeRowsOperator.Read(info, out RowQuantization how);
        if (status != 0) return status;
        if ((status = library.GetAttribute(info, RowOperators.Epsilon, out float epsilon)) != 0) return status;
        if ((status = library.GetAttribute(info, RowOperators.KeepsNorm, out long keepsNorm)) != 0) return status;
        var settings = (NormSettings*)NativeMemory.Alloc((nuint)sizeof(NormSettings));
        *settings = new NormSettings(how, epsilon, keepsNorm != 0);
        *(NormSettings**)kernel = settings;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint Compute(void* kernel, nint context) => OrtRowOperators.Guard<NormRowsOperator>(kernel, context);

    public static nint Run<S, V>(void* kernel, nint context)
        where S : struct, ISimd<V>
        where V : struct
    {
        ref readonly NormSettings settings = ref *(NormSettings*)kernel;
        ReadOnlySpan<byte> refusal =
            "NormRows wants a scale for each row, a weight and a bias for each column, and other rows as long and as many.\0"u8;
        OrtLibrary library = OrtLibrary.Loaded;
        nint status = ScaledRows.Read(library, context, 3, stackalloc long[OrtLibrary.LargestRank], refusal, out ScaledRows x);
        if (status != 0) return status;
        if ((status = library.GetInput(context, 2, out OrtMatrix weight)) != 0) return status;
        if ((status = library.GetInput(context, 6, out OrtMatrix added)) != 0) return status;
        if (weight.Count != x.Columns || !added.IsNoneOr(x.Columns)) return library.Refuse(refusal);
        if ((status = library.GetOutput(context, 2, x.Dimensions, out OrtMatrix kept)) != 0) return status;
        if ((status = library.GetOutput(context, 0, kept.Rows, x.Columns, out OrtMatrix bytes)) != 0) return status;
        if ((status = library.GetOutput(context, 1, kept.Rows, settings.How.ScaleColumns, out OrtMatrix scales)) != 0) return status;
        float[] rented = ArrayPool<float>.Shared.Rent(2 * x.Columns);
        Span<float> zeros = rented.AsSpan(0, x.Columns), row = rented.AsSpan(x.Columns, x.Columns);
        zeros.Clear();
        ReadOnlySpan<float> bias = ScaledRows.Or(x.Bias, zeros), sums = x.HasSums ? x.Sums : zeros, weights = weight.All<float>(),
            beta = added.IsThere ? added.All<float>() : zeros;
        for (int i = 0; i < kept.Rows; i++)
        {
            Span<float> sum = kept.Row<float>(i), norm = settings.KeepsNorm ? sum : row;
            ScaleKernel<S, V>.Run(x.Row(i), x.Scale(i), bias, x.Shift(i), sums, ScaledRows.Or(x.Other(i), zeros), sum);
            NormKernel<S, V>.Run(sum, weights, beta, in settings, norm, bytes.Row<byte>(i)).Store(scales.Row<float>(i));
        }

        ArrayPool<float>.Shared.Return(rented);
        return 0;
    }
}
