using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;
using DiffusionSharp.Tests.Prediction.Batching;

namespace DiffusionSharp.Tests.Prediction.Decorators;

/// <summary>What a decorator of predictors does without being told.</summary>
public class DelegatingPredictorTests
{
    private static readonly PredictionPlan Plan = new(new SampleShape(1, 1, 1, 1), Conditioning.None);

    [Fact]
    public void It_says_what_the_predictor_says()
    {
        using var decorator = new Decorator(new Described(6, "unet", 16));
        Assert.Equal((6, "unet", 16), (decorator.SizeMultiple, decorator.Fingerprint, decorator.MergedRows));
    }

    [Fact]
    public void Of_several_it_says_what_is_true_of_all()
    {
        using var decorator = new Decorator(new Described(4, "a", 1), new Described(6, "b", 16));
        Assert.Equal((12, "ab", 16), (decorator.SizeMultiple, decorator.Fingerprint, decorator.MergedRows));
        using var unknown = new Decorator(new Described(4, "a", 1), new Described(4, null, 1));
        Assert.Null(unknown.Fingerprint);
    }

    [Fact]
    public async Task As_many_generations_run_as_the_batches_inside_merge()
    {
        // More than run at a time otherwise, each with one row; none goes on before all are there.
        int rows = 8 + Environment.ProcessorCount;
        using var starting = new CountdownEvent(rows);
        var batching = new BatchingNoisePredictor(NoisePredictor.FromFunction(Toy.Predict), new BatchingOptions { MaxRows = rows });
        using DiffusionPipeline pipeline = Toy.Builder(new Decorator(batching)
        {
            Starting = () => Assert.True(starting.Signal() || starting.Wait(Generations.Patience)),
        }).Build();
        await Task.WhenAll(Enumerable.Range(0, rows).Select(i => pipeline.GenerateAsync(new TextToImageRequest("a cat") { Seed = i, Steps = 1, GuidanceScale = 1 })));
        Assert.Equal(0, starting.CurrentCount);
    }

    [Fact]
    public void All_are_disposed_once_unless_they_are_left_open()
    {
        (RecordingPredictor first, RecordingPredictor second) = (new(Toy.Predict), new(Toy.Predict));
        new LeavingOpen(first, second).Dispose();
        Assert.Equal((0, 0), (first.Disposals, second.Disposals));
        var decorator = new Decorator(first, second);
        decorator.Dispose();
        decorator.Dispose();
        Assert.Equal((1, 1), (first.Disposals, second.Disposals));
    }

    [Fact]
    public void Where_one_cannot_start_the_others_do_not_run()
    {
        using var first = new RecordingPredictor(Toy.Predict);
        using var second = new RecordingPredictor(Toy.Predict) { BeforeStart = () => throw new ArgumentException("no") };
        using var decorator = new Decorator(first, second);
        Assert.Throws<ArgumentException>(() => decorator.Start(Plan));
        Assert.Single(first.Plans);
        Assert.Equal(0, first.RunningRuns);
    }

    [Fact]
    public void All_runs_are_told_finished_saved_and_restored()
    {
        (Told first, Told second) = (new(), new());
        using (var run = new Run([first, second]))
        {
            run.SetConditions(Plan.Conditioning);
            run.Predict(default);
            run.Finish();
            using var state = new MemoryStream();
            run.Save(new BinaryWriter(state));
            state.Position = 0;
            run.Restore(new BinaryReader(state));
            Assert.Equal(2, run.Evaluations);
        }

        Assert.Equal(["conditions", "predict", "finish", "save", "restore 1", "dispose"], first.Calls);
        Assert.Equal(["conditions", "finish", "save", "restore 1", "dispose"], second.Calls);
    }

    private sealed class Decorator : DelegatingNoisePredictor
    {
        public Decorator(INoisePredictor inner, params ReadOnlySpan<INoisePredictor> others)
            : base(inner, leaveOpen: false, others)
        {
        }

        public Action Starting { get; init; } = () => { };

        public override IPredictionRun Start(PredictionPlan plan)
        {
            Starting();
            return new Run(StartAll(plan));
        }
    }

    private sealed class LeavingOpen(INoisePredictor inner, INoisePredictor other) : DelegatingNoisePredictor(inner, leaveOpen: true, other)
    {
        public override IPredictionRun Start(PredictionPlan plan) => throw new NotSupportedException();
    }

    private sealed class Run(IPredictionRun[] runs) : DelegatingPredictionRun(runs[0], runs.AsSpan(1));

    private sealed class Described(int multiple, string? fingerprint, int rows) : INoisePredictor
    {
        public int SizeMultiple => multiple;

        public string? Fingerprint => fingerprint;

        public int MergedRows => rows;

        public IPredictionRun Start(PredictionPlan plan) => throw new NotSupportedException();
    }

    /// <summary>Remembers what it was told, and as its state that it is 1.</summary>
    private sealed class Told : IPredictionRun
    {
        public List<string> Calls { get; } = [];

        public SampleShape Shape => Plan.Shape;

        public Span<float> Sample => [];

        public Span<float> Prediction => [];

        public int Evaluations => 1;

        public void SetConditions(Conditioning conditioning) => Calls.Add("conditions");

        public void Predict(in StepPoint at) => Calls.Add("predict");

        public void Finish() => Calls.Add("finish");

        public void Save(BinaryWriter writer)
        {
            Calls.Add("save");
            writer.Write(1);
        }

        public void Restore(BinaryReader reader) => Calls.Add($"restore {reader.ReadInt32()}");

        public void Dispose() => Calls.Add("dispose");
    }
}
