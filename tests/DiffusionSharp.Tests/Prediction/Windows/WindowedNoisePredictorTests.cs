using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Prediction.Windows;

[Collection(AloneCollection.Name)]
public class WindowedNoisePredictorTests
{
    private static readonly SampleShape Wide = new(2, 3, 8, 20);

    [Fact]
    public void A_network_that_looks_at_one_place_predicts_the_same_in_windows()
    {
        using var inner = new RecordingPredictor((sample, timestep, _, prediction) => TensorPrimitives.Multiply(sample, (float)timestep, prediction));
        using IPredictionRun run = new WindowedNoisePredictor(inner, new WindowOptions(8)).Start(new PredictionPlan(Wide, Conditioning.None));
        new TorchCpuNoise(1).Fill(run.Sample);
        run.Predict(3);
        Assert.Equal(Wide, run.Shape);
        Assert.All(inner.Plans, plan => Assert.Equal(new SampleShape(2, 3, 8, 8), plan.Shape));
        Assert.Equal(4, inner.Plans.Count);
        Assert.Equal(4, run.Evaluations);
        float[] expected = [.. run.Sample.ToArray().Select(value => value * 3)];
        Assert.All(expected.Zip(run.Prediction.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Where_windows_overlap_their_predictions_are_averaged()
    {
        // The k-th window that is asked predicts k everywhere: 0 to 3 at columns 0, 4, 8 and 12.
        int asked = 0;
        INoisePredictor inner = NoisePredictor.FromFunction((_, _, _, prediction) => prediction.Fill(asked++));
        using IPredictionRun run = new WindowedNoisePredictor(inner, new WindowOptions(8)).Start(new PredictionPlan(new SampleShape(1, 1, 8, 20), Conditioning.None));
        run.Predict(1);
        Assert.Equal([0, 0, 0, 0, 0, 0.25f, 0.75f, 1, 1, 1.25f, 1.75f, 2, 2, 2.25f, 2.75f, 3, 3, 3, 3, 3], run.Prediction[..20].ToArray());
        Assert.Equal(run.Prediction[..20], run.Prediction[^20..]);
    }

    [Fact]
    public void Windows_that_go_around_make_the_edges_neighbours()
    {
        // A network that sees the mean of its whole window: of every shift of the sample it predicts the same, shifted.
        INoisePredictor inner = NoisePredictor.FromFunction((sample, _, _, prediction) => prediction.Fill(TensorPrimitives.Sum(sample) / sample.Length));
        using IPredictionRun run = new WindowedNoisePredictor(inner, new WindowOptions(8) { WrapsHorizontally = true }).Start(new PredictionPlan(new SampleShape(1, 1, 1, 16), Conditioning.None));
        new TorchCpuNoise(1).Fill(run.Sample);
        run.Predict(1);
        float[] prediction = run.Prediction.ToArray();
        float[] shifted = [.. run.Sample[4..], .. run.Sample[..4]];
        shifted.CopyTo(run.Sample);
        run.Predict(1);
        Assert.All(prediction.Select((value, i) => (value, run.Prediction.ToArray()[(i + 12) % 16])), pair => Assert.Equal(pair.value, pair.Item2, 1e-6));
    }

    [Fact]
    public void Parts_that_are_pictures_are_cropped_and_others_are_not()
    {
        using var inner = new RecordingPredictor((_, _, _, prediction) => prediction.Clear());
        Tensor<float> picture = Tensor.Create([.. Enumerable.Range(0, 2 * 16 * 40).Select(i => (float)i)], [1, 2, 16, 40]);
        Conditioning conditions = Conditioning.None
            .With(new ConditionPart("picture", picture) { SpatialScale = 2 })
            .With(ConditionNames.Context, Tensor.Create([1f, 2], [1, 1, 2]));
        using IPredictionRun run = new WindowedNoisePredictor(inner, new WindowOptions(8)).Start(new PredictionPlan(Wide.WithBatch(1), conditions));
        Assert.All(inner.Plans, plan => Assert.Equal([1, 2], plan.Conditioning.Context!.Values()));
        Assert.Equal([1, 2, 16, 16], inner.Plans.Last().Conditioning["picture"]!.Values.Lengths);
        Assert.Equal([0, 8, 16, 24], inner.Plans.Select(plan => plan.Conditioning["picture"]!.Values[0, 0, 0, 0]));
        Assert.Equal((16 * 40) + 40 + 24, inner.Plans.Last().Conditioning["picture"]!.Values[0, 1, 1, 0]);
    }

    [Fact]
    public void Changed_conditions_reach_every_window()
    {
        INoisePredictor inner = NoisePredictor.FromFunction((_, _, plan, prediction) => prediction.Fill(plan.Conditioning["map"]!.Values[0, 0, 0, 0]));
        Conditioning Map(float first) => Conditioning.None.With(new ConditionPart("map", Tensor.Create([.. Enumerable.Range(0, 8 * 20).Select(i => first + (i % 20))], [1, 1, 8, 20])) { SpatialScale = 1 });
        using IPredictionRun run = new WindowedNoisePredictor(inner, new WindowOptions(8)).Start(new PredictionPlan(new SampleShape(1, 1, 8, 20), Map(0)));
        run.SetConditions(Map(100));
        run.Predict(1);
        Assert.Equal(100, run.Prediction[0]);
        Assert.Equal(112, run.Prediction[19]);
    }

    [Fact]
    public void Predictions_with_a_variance_keep_it()
    {
        using IPredictionRun run = new WindowedNoisePredictor(new Doubles(), new WindowOptions(8)).Start(new PredictionPlan(new SampleShape(1, 1, 8, 12), Conditioning.None));
        run.Predict(1);
        Assert.Equal(2 * 8 * 12, run.Prediction.Length);
        Assert.All(run.Prediction[..(8 * 12)].ToArray(), value => Assert.Equal(5, value));
        Assert.All(run.Prediction[(8 * 12)..].ToArray(), value => Assert.Equal(7, value));
    }

    [Fact]
    public void A_sample_of_one_window_goes_to_the_network_as_it_is()
    {
        using var inner = new RecordingPredictor((_, _, _, prediction) => prediction.Clear());
        using IPredictionRun run = new WindowedNoisePredictor(inner, new WindowOptions(32)).Start(new PredictionPlan(Wide, Conditioning.None));
        Assert.Equal(Wide, Assert.Single(inner.Plans).Shape);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_words_and_nothing_stays_open()
    {
        using var inner = new RecordingPredictor((_, _, _, prediction) => prediction.Clear()) { SizeMultiple = 4 };
        Assert.Contains("multiples of 4", Assert.Throws<ArgumentException>(() => new WindowedNoisePredictor(inner, new WindowOptions(6))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new WindowOptions(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WindowOptions(8) { Overlap = 0.7 });
        var part = new ConditionPart("picture", Tensor.CreateFromShape<float>([1, 1, 8, 21])) { SpatialScale = 1 };
        var windows = new WindowedNoisePredictor(inner, new WindowOptions(8));
        Assert.Contains("'picture'", Assert.Throws<ArgumentException>(() => windows.Start(new PredictionPlan(Wide, Conditioning.None.With(part)))).Message, StringComparison.Ordinal);
        int started = 0;
        inner.BeforeStart = () => _ = ++started == 3 ? throw new InvalidOperationException("third") : 0;
        Assert.Throws<InvalidOperationException>(() => windows.Start(new PredictionPlan(Wide, Conditioning.None)));
        Assert.Equal(0, inner.RunningRuns);
    }

    [Fact]
    public void State_is_that_of_all_windows()
    {
        IPredictionRun Start() => new WindowedNoisePredictor(new Counts(), new WindowOptions(8)).Start(new PredictionPlan(Wide, Conditioning.None));
        using IPredictionRun run = Start();
        run.Predict(1);
        run.Predict(1);
        using var saved = new MemoryStream();
        run.Save(new BinaryWriter(saved));
        saved.Position = 0;
        using IPredictionRun other = Start();
        other.Restore(new BinaryReader(saved));
        other.Predict(1);
        Assert.Equal(saved.Length, saved.Position);
        Assert.All(other.Prediction.ToArray(), value => Assert.Equal(3, value));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using IPredictionRun run = new WindowedNoisePredictor(NoisePredictor.FromFunction(Toy.Predict), new WindowOptions(8) { WrapsHorizontally = true }).Start(new PredictionPlan(Wide, Conditioning.None));
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () => run.Predict(5)));
    }

    [Fact]
    public void A_pipeline_draws_a_wide_picture_whose_windows_know_the_prompt()
    {
        using var inner = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(inner).UseNoisePredictor(new WindowedNoisePredictor(inner, new WindowOptions(4))).Build();
        GenerationResult result = pipeline.Generate(new TextToImageRequest("a cat") { Width = 128, Height = 32, Seed = 1 });
        Assert.Equal([1, 3, 32, 128], result.Images[0].Pixels.Lengths);
        Assert.All(inner.Plans, plan => Assert.NotNull(plan.Conditioning.Context));
    }

    private sealed class Doubles : INoisePredictor
    {
        public IPredictionRun Start(PredictionPlan plan) => new Run(NoisePredictor.FromFunction((_, _, _, prediction) => prediction.Fill(5)).Start(plan));

        private sealed class Run(IPredictionRun inner) : DelegatingPredictionRun(inner)
        {
            private readonly float[] _both = [.. Enumerable.Repeat(5f, inner.Shape.Length), .. Enumerable.Repeat(7f, inner.Shape.Length)];

            public override Span<float> Prediction => _both;
        }
    }

    /// <summary>Predicts how often it was asked, which it remembers.</summary>
    private sealed class Counts : INoisePredictor
    {
        public IPredictionRun Start(PredictionPlan plan) => new Run(NoisePredictor.FromFunction((_, _, _, _) => { }).Start(plan));

        private sealed class Run(IPredictionRun inner) : DelegatingPredictionRun(inner)
        {
            private int _asked;

            public override void Predict(in StepPoint at) => Prediction.Fill(++_asked);

            public override void Save(BinaryWriter writer) => writer.Write(_asked);

            public override void Restore(BinaryReader reader) => _asked = reader.ReadInt32();
        }
    }
}
