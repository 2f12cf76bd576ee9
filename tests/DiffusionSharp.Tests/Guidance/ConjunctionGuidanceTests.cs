using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Pipelines;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>Prompts with AND between them.</summary>
public class ConjunctionGuidanceTests
{
    // What stable-diffusion-webui's get_multicond_prompt_list makes of them.
    [Theory]
    [InlineData("a cat", "a cat|1")]
    [InlineData("a cat AND a dog :0.7 AND  a bird: -.5 ", "a cat|1", " a dog|0.7", "  a bird|-0.5")]
    [InlineData("a cat :1.2", "a cat|1.2")]
    [InlineData("a:1:2", "a:1|2")]
    [InlineData("a:b AND c:1.", "a:b|1", " c|1")]
    [InlineData("BAND AND ANDES AND_ x", "BAND|1", " ANDES AND_ x|1")]
    [InlineData("AND", "|1", "|1")]
    [InlineData("(a AND b:1.2)", "(a|1", " b:1.2)|1")]
    public void Parts_and_weights_are_read(string prompt, params string[] expected) =>
        Assert.Equal(expected, A1111PromptSyntax.Conjunction(prompt).Select(part => FormattableString.Invariant($"{part.Text}|{part.Weight}")));

    [Fact]
    public void A_weight_that_is_not_finite_is_refused_at_its_column() =>
        Assert.Equal(10, Assert.Throws<PromptSyntaxException>(() => A1111PromptSyntax.Conjunction($"b AND a :{new string('9', 400)}")).Column);

    [Fact]
    public void Predictions_are_added_by_their_weights()
    {
        // u + w·Σ w_i (c_i - u), where each prompt is predicted as a number of its own.
        float[] Predicted(string prompt, float scale)
        {
            using DiffusionPipeline pipeline = Toy.Builder(new RecordingPredictor(Constant)).UseGuidance(new ConjunctionGuidance()).Build();
            return [.. pipeline.Generate(new TextToImageRequest(prompt) { NegativePrompt = "fur", GuidanceScale = scale, Steps = 1, Seed = 1, Decodes = false }).Latents.Values()];
        }

        float[] Alone(double value)
        {
            using DiffusionPipeline pipeline = Toy.Builder(new RecordingPredictor((_, _, _, prediction) => prediction.Fill((float)value))).UseGuidance(new ClassifierFreeGuidance()).Build();
            return [.. pipeline.Generate(new TextToImageRequest("-") { GuidanceScale = 1, Steps = 1, Seed = 1, Decodes = false }).Latents.Values()];
        }

        (double cat, double dog, double fur) = (Of("a cat"), Of(" a dog"), Of("fur"));
        foreach (float scale in (float[])[1, 3])
        {
            Near(Alone(fur + (scale * ((cat - fur) + (0.7 * (dog - fur))))), Predicted("a cat AND a dog :0.7", scale));
            Near(Alone(fur + (scale * (1.2 * (cat - fur)))), Predicted("a cat :1.2", scale));
            Near(Alone(fur + (scale * (cat - fur))), Predicted("a cat", scale));
        }
    }

    [Fact]
    public void Only_parts_that_there_are_are_predicted()
    {
        using DiffusionPipeline pipeline = Toy.Builder().UseGuidance(new ConjunctionGuidance(mostParts: 3)).Build();
        Assert.Equal([5, 10, 20], new[] { ("a cat", 1f), ("a cat", 2f), ("a cat AND a dog AND a bird", 2f) }.Select(wish => pipeline.Generate(new TextToImageRequest(wish.Item1) { GuidanceScale = wish.Item2, Steps = 5, Seed = 1 }).Timings.EvaluationsPerImage));
        var error = Assert.Throws<ArgumentException>(() => pipeline.Generate(new TextToImageRequest("a AND b AND c AND d")));
        Assert.Contains("4 parts", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConjunctionGuidance(mostParts: 1));
    }

    [Fact]
    public void Each_picture_has_parts_of_its_own()
    {
        using DiffusionPipeline pipeline = Toy.Builder().UseGuidance(new ConjunctionGuidance(new AdaptiveProjectedGuidance())).Build();
        GenerationResult together = pipeline.Generate(new TextToImageRequest("-") { Prompts = ["a cat", "a dog AND a bird :0.5"], Count = 2, Seed = 3 });
        foreach (GeneratedImage image in together.Images)
        {
            Toy.AssertSamePixels(image, pipeline.Generate(image.Request).Images[0]);
        }
    }

    private static double Of(string prompt) => ToyTextEncoder.Embed(prompt)[0];

    private static void Constant(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        int image = plan.Shape.ImageLength;
        for (int i = 0; i < plan.Shape.Batch; i++)
        {
            prediction.Slice(i * image, image).Fill(plan.Conditioning.Context!.Values()[i * 6]);
        }
    }

    // A few sums in float32.
    private static void Near(float[] expected, float[] actual) => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
}
