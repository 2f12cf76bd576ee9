using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp.Companions.Tests;

/// <summary>Autoguidance between two networks on ONNX Runtime: that of the model of 64x64 pictures, and away from the one that was distilled to few steps.</summary>
public class AutoGuidanceTests
{
    private const string Prompt = "a red apple";
    private const float Usual = 3;
    private const double Away = 0.5;

    // g = u + w·(c - u) + s·(c - b), at the first noise level.
    [Fact]
    public async Task The_guided_prediction_is_the_papers()
    {
        using OnnxNoisePredictor few = Companion.Predictor("emoji-few-steps");
        using DiffusionPipeline small = Companion.SmallEmoji();
        using DiffusionPipeline pipeline = small.ToBuilder().UseGuidance(new AutoGuidance(new ClassifierFreeGuidance(), new GuidanceTerm("few steps") { Predictor = few }, Away)).Build();
        var request = new TextToImageRequest(Prompt) { Seed = 7, Steps = 5, GuidanceScale = Usual };

        TextEncoding texts = pipeline.TextEncoders.Single().Encode([Prompt, ""]);
        SampleShape shape = pipeline.LatentSpace.ShapeOf(request with { Width = pipeline.Defaults.Width, Height = pipeline.Defaults.Height }, 1);
        NoiseLevel level = pipeline.Scheduler!.Start(new SamplingPlan(5, shape)).LevelAt(0);
        var x = new float[shape.Length];
        new TorchCpuNoise(7).Fill(x);
        float[] c = Predict(pipeline.NoisePredictor!, texts.Parts.Rows(0, 1));
        float[] u = Predict(pipeline.NoisePredictor!, texts.Parts.Rows(1, 1));
        float[] b = Predict(few, texts.Parts.Rows(0, 1));
        await foreach (DenoisingStep step in pipeline.StreamAsync(request))
        {
            float[] original = [.. step.PredictOriginal()];
            for (int i = 0; i < x.Length; i++)
            {
                double g = u[i] + (Usual * ((double)c[i] - u[i])) + (Away * ((double)c[i] - b[i]));
                Assert.Equal((level.FromInput * x[i]) + (level.FromPrediction * g), original[i], 1e-3);
            }

            break;
        }

        Assert.Equal(3 * 5, pipeline.Generate(request).Timings.EvaluationsPerImage);

        float[] Predict(INoisePredictor predictor, Conditioning conditions)
        {
            using IPredictionRun run = predictor.Start(new PredictionPlan(shape, conditions));
            x.CopyTo(run.Sample);
            run.Predict(new StepPoint { Level = level, Call = 0, CallCount = 1, Step = 0, StepCount = 1 });
            return run.Prediction.ToArray();
        }
    }
}
