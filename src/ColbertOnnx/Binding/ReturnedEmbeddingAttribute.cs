using System.Collections;
using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>A parameter of embeddings takes those that came back from another session too.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReturnedEmbeddingAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (Wrapped.Bare(inputData) is not IList list) return One(inputData);
        return list.Cast<object>().Any(ReturnedEmbedding.Is) ? list.Cast<object>().Select(One).ToArray() : inputData;
    }

    private static object One(object item) => ReturnedEmbedding.Is(item) ? ReturnedEmbedding.Rebuild(item) : item;
}
