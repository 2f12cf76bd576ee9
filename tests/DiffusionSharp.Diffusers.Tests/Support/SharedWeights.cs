namespace DiffusionSharp.Diffusers.Tests.Support;

/// <summary>Small models with random weights as genuine diffusers saves and exports them. They are not part of the repository.</summary>
internal static class SharedWeights
{
    /// <summary>A folder of safetensors; null where they are absent.</summary>
    public static string? Find(string model) => Ancestors.Find(Path.Combine("shared", "weights", model));

    /// <summary>The same model as ONNX.</summary>
    public static string Onnx(string model, string component) => Path.Combine(Ancestors.Require(Path.Combine("shared", "cases", model)), component, "model.onnx");
}

/// <summary>A test that needs them; skipped where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedWeightsTheoryAttribute : TheoryAttribute
{
    public SharedWeightsTheoryAttribute()
    {
        if (SharedWeights.Find("sd1") is null)
        {
            Skip = "The folder shared/weights is beside no ancestor of the tests.";
        }
    }
}
