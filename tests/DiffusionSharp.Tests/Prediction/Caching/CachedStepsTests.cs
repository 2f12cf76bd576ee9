using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Prediction.Caching;

/// <summary>A cache leaves out model calls by the rule of EasyCache, arXiv:2507.02860, picture by picture.</summary>
public class CachedStepsTests
{
    private const int Calls = 24;
    private static readonly SampleShape Shape = new(1, 1, 2, 3);

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Calls_are_left_out_where_the_rule_says(double threshold)
    {
        var inner = new RecordingPredictor(Curve);
        var options = new CachedStepsOptions { Threshold = threshold, Start = 0.25, Stop = 0.9 };
        float[][] predictions = Predict(new CachedStepsPredictor(inner, options), Shape, Inputs(seed: 1));

        // The rule in double, from the inputs alone: k = |Δv|/|Δx| between calls that were made, and the sum of k·|Δx|/|v| since.
        (List<double> made, double[] x0, double[] v0, double rate, double sum) = ([], [], [], -1, 0);
        double[][] inputs = [.. Inputs(seed: 1).Select(input => Array.ConvertAll(input, value => (double)value))];
        for (int call = 0; call < Calls; call++)
        {
            double[] x = inputs[call];
            sum += rate * Distance(x, inputs[Math.Max(0, call - 1)]) / v0.Select(Math.Abs).DefaultIfEmpty(1).Average();
            bool keeps = rate >= 0 && sum < threshold && call >= (int)(0.25 * Calls) && call < (int)(0.9 * Calls);
            if (!keeps)
            {
                double[] v = [.. x.Select(value => Curve(value, call))];
                rate = v0.Length == 0 ? -1 : Distance(v, v0) / Distance(x, x0);
                (x0, v0, sum) = (x, v, 0);
                made.Add(call);
            }

            Assert.All(predictions[call].Zip(v0), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        }

        Assert.Equal(made, inner.Timesteps);
        Assert.InRange(made.Count, 8, Calls - 1);

        static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();
    }

    [Fact]
    public void A_prediction_that_never_changes_is_made_at_the_beginning_and_at_the_end()
    {
        var inner = new RecordingPredictor((_, _, _, prediction) => prediction.Fill(0.5f));
        Predict(new CachedStepsPredictor(inner), Shape, Inputs(seed: 1));
        Assert.Equal([0, 1, 2, 22, 23], inner.Timesteps);
    }

    [Fact]
    public void A_threshold_of_0_leaves_out_nothing_and_changes_no_bit()
    {
        using DiffusionPipeline plain = Toy.Builder().Build();
        using DiffusionPipeline cached = Toy.Builder(new CachedStepsPredictor(new RecordingPredictor(Toy.Predict), new CachedStepsOptions { Threshold = 0 })).Build();
        var request = new TextToImageRequest("a cat") { Steps = 20, Seed = 3 };
        GenerationResult expected = plain.Generate(request);
        GenerationResult actual = cached.Generate(request);
        Toy.AssertSamePixels(expected.Images[0], actual.Images[0]);
        Assert.Equal(expected.Timings.EvaluationsPerImage, actual.Timings.EvaluationsPerImage);
    }

    [Fact]
    public void A_picture_in_a_batch_is_that_made_alone_although_others_need_calls_that_it_does_not()
    {
        var two = new SampleShape(2, 1, 2, 3);
        float[][] first = Inputs(seed: 1);
        float[][] second = [.. Inputs(seed: 2).Select((input, call) => Array.ConvertAll(input, value => value * (call % 3)))];
        float[][] together = Predict(Cached(), two, [.. first.Zip(second, (a, b) => (float[])[.. a, .. b])]);
        Assert.Equal(Predict(Cached(), Shape, first), together.Select(row => row[..6]));
        Assert.Equal(Predict(Cached(), Shape, second), together.Select(row => row[6..]));

        static CachedStepsPredictor Cached() => new(new RecordingPredictor(Curve), new CachedStepsOptions { Threshold = 0.3 });
    }

    [Fact]
    public void Two_predictions_of_one_picture_are_made_together_or_not_at_all()
    {
        // The network predicts its input. The second row turns around in every call, so it always needs one; alone, the first row would not.
        float[][] first = Inputs(seed: 1);
        float[][] second = [.. first.Select((input, call) => Array.ConvertAll(input, value => call % 2 == 0 ? value : -value))];
        Assert.InRange(Evaluations(Shape, first), 4, Calls - 1);
        Assert.Equal(Calls, Evaluations(new SampleShape(2, 1, 2, 3), [.. first.Zip(second, (a, b) => (float[])[.. a, .. b])]));

        static int Evaluations(SampleShape shape, float[][] inputs)
        {
            var cache = new CachedStepsPredictor(NoisePredictor.FromFunction((sample, _, _, prediction) => sample.CopyTo(prediction)), new CachedStepsOptions { Threshold = 0.1 });
            using IPredictionRun run = cache.Start(new PredictionPlan(shape, Conditioning.None) { Pictures = 1 });
            for (int call = 0; call < Calls; call++)
            {
                inputs[call].CopyTo(run.Sample);
                run.Predict(At(call));
                Assert.True(shape.Batch == 1 || inputs[call][0] == run.Prediction[0]);
            }

            return run.Evaluations;
        }
    }

    [Fact]
    public void Calls_that_are_left_out_are_not_counted()
    {
        using DiffusionPipeline pipeline = Toy.Builder(new CachedStepsPredictor(new RecordingPredictor(Toy.Predict), new CachedStepsOptions { Threshold = 2 })).Build();
        GenerationResult result = pipeline.Generate(new TextToImageRequest("a cat") { Steps = 40, Seed = 3 });
        Assert.InRange(result.Timings.EvaluationsPerImage, 8, 79);
    }

    [Fact]
    public void Other_conditions_need_another_call()
    {
        var inner = new RecordingPredictor((_, _, plan, prediction) => prediction.Fill(plan.Conditioning.Parts.Count));
        using IPredictionRun run = new CachedStepsPredictor(inner).Start(new PredictionPlan(Shape, Conditioning.None));
        float[][] inputs = Inputs(seed: 1);
        for (int call = 0; call < Calls; call++)
        {
            if (call == 10)
            {
                run.SetConditions(Conditioning.None.With("more", System.Numerics.Tensors.Tensor.Create([1f], [1])));
            }

            inputs[call].CopyTo(run.Sample);
            run.Predict(At(call));
            Assert.Equal(call < 10 ? 0 : 1, run.Prediction[0]);
        }
    }

    [Fact]
    public void What_a_guidance_writes_on_a_prediction_is_not_kept()
    {
        using IPredictionRun run = new CachedStepsPredictor(NoisePredictor.FromFunction((_, _, _, prediction) => prediction.Fill(0.5f))).Start(new PredictionPlan(Shape, Conditioning.None));
        foreach ((float[] input, int call) in Inputs(seed: 1).Select((input, call) => (input, call)))
        {
            input.CopyTo(run.Sample);
            run.Predict(At(call));
            Assert.Equal([.. Enumerable.Repeat(0.5f, 6)], run.Prediction);
            run.Prediction.Fill(7);
        }
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using IPredictionRun run = new CachedStepsPredictor(NoisePredictor.FromFunction(Curve), new CachedStepsOptions { Threshold = 0.3 }).Start(new PredictionPlan(Shape, Conditioning.None));
        float[][] inputs = Inputs(seed: 1);
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            for (int call = 0; call < Calls; call++)
            {
                inputs[call].CopyTo(run.Sample);
                run.Predict(At(call));
            }
        }));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused_by_name()
    {
        Assert.Equal("Threshold", Assert.Throws<ArgumentOutOfRangeException>(() => new CachedStepsOptions { Threshold = -1 }).ParamName);
        Assert.Equal("Start", Assert.Throws<ArgumentOutOfRangeException>(() => new CachedStepsOptions { Start = 1.1 }).ParamName);
        Assert.Equal("Stop", Assert.Throws<ArgumentOutOfRangeException>(() => new CachedStepsOptions { Stop = double.NaN }).ParamName);
    }

    private static float[][] Predict(CachedStepsPredictor predictor, SampleShape shape, float[][] inputs)
    {
        using IPredictionRun run = predictor.Start(new PredictionPlan(shape, Conditioning.None));
        var predictions = new float[inputs.Length][];
        for (int call = 0; call < inputs.Length; call++)
        {
            inputs[call].CopyTo(run.Sample);
            run.Predict(At(call));
            predictions[call] = run.Prediction.ToArray();
        }

        return predictions;
    }

    // The timestep is the call, so that a recording predictor says which were made.
    private static StepPoint At(int call) => PredictionRunExtensions.At(call) with { Call = call, CallCount = Calls, Step = call, StepCount = Calls };

    private static void Curve(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        for (int i = 0; i < sample.Length; i++)
        {
            prediction[i] = (float)Curve(sample[i], timestep);
        }
    }

    private static double Curve(double x, double call) => Math.Tanh(x) + (0.5 * Math.Sin(call / 5)) + 1.5;

    // A walk that slows down.
    private static float[][] Inputs(int seed)
    {
        var random = new Random(seed);
        float[] at = [.. Enumerable.Range(0, Shape.Length).Select(_ => (float)random.NextDouble())];
        var inputs = new float[Calls][];
        for (int call = 0; call < Calls; call++)
        {
            inputs[call] = at = Array.ConvertAll(at, value => value + ((float)random.NextDouble() / (2 + call)));
        }

        return inputs;
    }
}
