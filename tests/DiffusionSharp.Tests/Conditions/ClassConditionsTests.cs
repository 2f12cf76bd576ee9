using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Conditions;

/// <summary>The classes that a network knows.</summary>
public sealed class ClassConditionsTests : IDisposable
{
    private readonly RecordingPredictor _predictor = new(Toy.Predict);

    public void Dispose() => _predictor.Dispose();

    [Fact]
    public void What_does_not_see_the_class_sees_the_one_that_stands_for_none()
    {
        using DiffusionPipeline pipeline = Pipeline(noClass: 9);
        pipeline.Generate(new GenerationRequest { ClassLabels = [2, 5], Count = 2, GuidanceScale = 3, Seed = 1 });
        Assert.Equal([9, 9, 2, 5], Assert.Single(_predictor.Plans).Conditioning.ClassLabels!.Values());
    }

    [Fact]
    public void What_the_caller_wants_to_move_away_from_stays()
    {
        using DiffusionPipeline pipeline = Pipeline(noClass: 9);
        pipeline.Generate(new GenerationRequest
        {
            ClassLabel = 2,
            NegativeConditioning = Conditioning.None.With(ConditionNames.ClassLabels, Tensor.Create([4f], [1])),
            GuidanceScale = 3,
            Seed = 1,
        });
        Assert.Equal([4, 2], Assert.Single(_predictor.Plans).Conditioning.ClassLabels!.Values());
    }

    [Theory]
    [InlineData(9L)]
    [InlineData(-1L)]
    public void A_class_that_the_network_does_not_know_is_refused_before_work_starts(long label)
    {
        using DiffusionPipeline pipeline = Pipeline(noClass: 9);
        ArgumentException e = Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Generate(new GenerationRequest { ClassLabels = [0, label], Count = 2 }));
        Assert.Contains("ClassLabel", e.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 8", e.Message, StringComparison.Ordinal);
        Assert.Empty(_predictor.Plans);
    }

    [Fact]
    public void A_request_without_a_class_is_refused_by_name()
    {
        using DiffusionPipeline pipeline = Pipeline(noClass: null);
        Assert.Contains("ClassLabel", Assert.Throws<ArgumentException>(() => pipeline.Generate(new GenerationRequest())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassConditions(0));
    }

    private DiffusionPipeline Pipeline(long? noClass) => Toy.PixelBuilder(_predictor).UseConditions(new ClassConditions(9, noClass)).Build();
}
