namespace ColbertOnnx.Loader;

internal static class ModuleLoadContext
{
}
