namespace DiffusionSharp.Diffusers.Tests.Support;

/// <summary>Small networks with random weights as genuine diffusers saves and exports them. A part of them is in the repository; where all are, these are taken.</summary>
internal static class SharedWeights
{
    /// <summary>A folder of safetensors, a model's or that of one of its networks; null where it is absent.</summary>
    public static string? Find(string name) => Ancestors.Find(Path.Combine("shared", "weights", name))
        ?? Ancestors.Find(Path.Combine("tests", "DiffusionSharp.Diffusers.Tests", "Fixtures", name));

    /// <summary>The same network as ONNX.</summary>
    public static string Onnx(string model, string component)
    {
        string folder = Path.Combine(model, component);
        return Path.Combine(Ancestors.Find(Path.Combine("shared", "cases", folder)) ?? Ancestors.Require(Path.Combine("tests", "DiffusionSharp.ReferenceCases.Tests", "Fixtures", folder)), "model.onnx");
    }
}

/// <summary>A test that needs a folder of them; skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedWeightsTheoryAttribute : TheoryAttribute
{
    public SharedWeightsTheoryAttribute(string name)
    {
        if (SharedWeights.Find(name) is null)
        {
            Skip = $"The folder shared/weights/{name} is beside no ancestor of the tests.";
        }
    }
}
