using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Serialization;
using DiffusionSharp.Tests.Conditions.OwnEncoders;

namespace DiffusionSharp.Tests.Serialization;

/// <summary>A part of a request that the library does not know: a value and a tensor.</summary>
internal sealed record Border(int Width, Tensor<float> Colour) : IRequestPart;

/// <summary>A scheduler that the library does not know, around one that it does.</summary>
internal sealed class HalvedSteps(IScheduler inner, int divisor = 2) : IScheduler
{
    public IScheduler Inner => inner;

    public int Divisor => divisor;

    public ISchedulerRun Start(SamplingPlan plan) => inner.Start(plan with { Steps = plan.Steps / divisor });

    public override string ToString() => $"{inner}, 1/{divisor} of the steps";
}

/// <summary>A scheduler that the library does not know, for a model of which it knows only the options of another one.</summary>
internal sealed class PlainDdpm(DiscreteSchedulerOptions options) : DiscreteScheduler<DiscreteSchedulerOptions>(options, "plain DDPM")
{
    protected override SchedulerRun Begin(SamplingPlan plan) => new DdpmRun(Options.For<DdpmOptions>(), plan);
}

/// <summary>A request that the library does not know.</summary>
internal sealed record FramedRequest(string Prompt) : TextToImageRequest(Prompt)
{
    public double Frame { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Border))]
[JsonSerializable(typeof(SmallPicture))]
[JsonSerializable(typeof(HalvedSteps))]
[JsonSerializable(typeof(PlainDdpm))]
[JsonSerializable(typeof(FramedRequest))]
internal sealed partial class OutsidersContext : JsonSerializerContext;

internal static class Outsiders
{
    /// <summary>JSON that knows them.</summary>
    public static GenerationRequestJson Json { get; } = GenerationRequestJson.Default
        .WithPart<Border>(OutsidersContext.Default)
        .WithPart<SmallPicture>(OutsidersContext.Default)
        .WithScheduler<HalvedSteps>(OutsidersContext.Default)
        .WithScheduler<PlainDdpm>(OutsidersContext.Default)
        .WithRequest<FramedRequest>(OutsidersContext.Default);
}
