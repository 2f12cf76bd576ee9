using System.Numerics.Tensors;
using System.Text.Json;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>The guiders of diffusers, alone on recorded predictions and in whole generations.</summary>
public sealed class GuidanceTests
{
    private static readonly SampleShape Shape = new(2, 4, 8, 8);

    [CaseTheory("guiders")]
    [CaseRequests("guiders")]
    [CaseRequests("guiders", "predictions", "interval_rounding", Skip = "No guider.")]
    public void AreThoseOfDiffusers(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        if (reference.Text("kind") == "txt2img")
        {
            Comparison.Same(reference, Generate(reference), tolerance);
            return;
        }

        (IGuidance guidance, double scale) = reference.Text("kind") == "perp_neg_vectors" ? PerpendicularNegative(reference) : Guiders.Create(reference.Text("guider")!, reference.Request.GetProperty("config"));
        float[] guided = new RecordedPredictions(Shape, Predictions("cond"), Predictions("uncond"), Predictions("negative")).Guide(guidance, scale, scale).Guided;
        float[] expected = reference.Recorded("expected", "pred")!.Values().ToArray();
        double difference = TensorPrimitives.MaxMagnitude<float>([.. expected.Zip(guided, (a, b) => a - b)]) / TensorPrimitives.StdDev<float>(expected);
        Assert.True(Math.Abs(difference) <= tolerance, $"The predictions differ by {difference:G3} of their standard deviation.");
    }

    private static GenerationResult Generate(Case reference)
    {
        (IGuidance guidance, double? scale) = (new ClassifierFreeGuidance(), reference.Number("guidance"));
        if (reference.Text("guider") is { } guider)
        {
            (guidance, scale) = Guiders.Create(guider, reference.Request.GetProperty("guider_config"));
        }

        guidance = reference.Number("guidance_rescale") is { } rescale ? new RescaledGuidance(guidance, rescale) : guidance;
        DiffusionPipeline loaded = CaseRun.Pipeline(Path.GetFullPath(reference.FileAt(reference.Text("model")!)));
        using DiffusionPipeline pipeline = loaded.ToBuilder().UseGuidance(guidance).Build();
        return pipeline.Generate(CaseRun.Request(reference) with { GuidanceScale = (float?)scale });
    }

    private static (IGuidance Guidance, double Scale) PerpendicularNegative(Case reference) =>
        (new PerpendicularNegativeGuidance(reference.Number("neg_scale")!.Value) { ProjectsWholeBatch = reference.Text("form") == "comfy" }, reference.Number("cond_scale")!.Value);

    private static float[] Predictions(string name) => Case.Load("guiders", "predictions").Recorded("inputs", name)!.Values().ToArray();
}
