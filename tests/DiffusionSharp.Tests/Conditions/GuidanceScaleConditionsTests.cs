using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Conditions;

/// <summary>The guidance scale as an input of the network, with one prediction at any scale.</summary>
public class GuidanceScaleConditionsTests
{
    [Fact]
    public void Each_picture_has_its_own_scale_and_one_prediction()
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseGuidance(new EmbeddedGuidance()).UseConditions(new GuidanceScaleConditions("guidance")).Build();
        GenerationResult result = pipeline.Generate(new TextToImageRequest("a cat") { Count = 2, GuidanceScales = [3.5f, 8], Steps = 4 });
        Conditioning given = Assert.Single(predictor.Plans).Conditioning;
        Assert.Equal([2], given["guidance"]!.Values.Lengths.ToArray());
        Assert.Equal([3.5f, 8f], given["guidance"]!.Values.Values());
        Assert.Equal(4, result.Timings.EvaluationsPerImage);
    }

    // By Luo et al., as in the code of the paper: w - 1 times 1000, frequencies exp(-ln(10000)·k/(D/2 - 1)), sines before cosines. Float32 rounds an angle of thousands
    // by up to 3e-4.
    [Theory]
    [InlineData(1, 32)]
    [InlineData(1.5, 16)]
    [InlineData(8.5, 32)]
    [InlineData(8.5, 256)]
    public void Embedded_it_is_sines_then_cosines(double scale, int width)
    {
        Tensor<float> embedding = Embedding((float)scale, new GuidanceScaleConditions("timestep_cond", width));
        Assert.Equal([1, width], embedding.Lengths.ToArray());
        int half = width / 2;
        for (int k = 0; k < half; k++)
        {
            double angle = (scale - 1) * 1000 * Math.Exp(-Math.Log(10000) * k / (half - 1));
            Assert.Equal(Math.Sin(angle), embedding.Values()[k], 1e-3);
            Assert.Equal(Math.Cos(angle), embedding.Values()[half + k], 1e-3);
        }
    }

    [Fact]
    public void An_embedding_of_the_callers_own_is_taken_instead()
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseGuidance(new EmbeddedGuidance()).UseConditions(new GuidanceScaleConditions("timestep_cond", 4)).Build();
        Tensor<float> own = Tensor.Create([1f, 2, 3, 4], [1, 4]);
        pipeline.Generate(new TextToImageRequest("a cat") { Steps = 1, Conditioning = Conditioning.None.With("timestep_cond", own) });
        Assert.Equal(own.Values(), Assert.Single(predictor.Plans).Conditioning["timestep_cond"]!.Values.Values());
    }

    [Fact]
    public void An_embedding_has_at_least_two_frequencies() => Assert.Throws<ArgumentOutOfRangeException>(() => new GuidanceScaleConditions("timestep_cond", 3));

    private static Tensor<float> Embedding(float scale, GuidanceScaleConditions conditions)
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseGuidance(new EmbeddedGuidance()).UseConditions(conditions).Build();
        pipeline.Generate(new TextToImageRequest("a cat") { GuidanceScale = scale, Steps = 1 });
        return Assert.Single(predictor.Plans).Conditioning["timestep_cond"]!.Values;
    }
}
