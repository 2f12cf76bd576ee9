using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>What a scheduler is told of a request.</summary>
internal static class SamplingPlans
{
    public static SamplingPlan Of(ResolvedRequest request, KnownRegion? known)
    {
        GenerationRequest wish = request.Request;
        bool startsFromPicture = wish.InitialImage is not null || wish is { InitialLatents: not null, Range.Start: 0 };
        return new SamplingPlan(request.Steps, request.Shape)
        {
            Timesteps = wish.Timesteps,
            Sigmas = wish.Sigmas,
            Mu = wish.Mu,
            Strength = startsFromPicture ? wish.Strength : 1,
            KnownRegion = known,
        };
    }
}
