using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>What a scheduler is told of a request.</summary>
internal static class SamplingPlans
{
    /// <summary>Whether the strength of a request shortens the way of its scheduler.</summary>
    public static bool IsShortened(ResolvedRequest request, StrengthRule rule) => rule == StrengthRule.ShorterWay && request.Scheduler!.FollowsStrength;

    public static SamplingPlan Of(ResolvedRequest request, KnownRegion? known, StrengthRule rule)
    {
        GenerationRequest wish = request.Request;
        bool startsFromPicture = wish.InitialImage is not null || wish is { InitialLatents: not null, Range.Start: 0 };
        return new SamplingPlan(request.Steps, request.Shape)
        {
            Timesteps = wish.Timesteps,
            Sigmas = wish.Sigmas,
            Mu = wish.Mu,
            Strength = startsFromPicture && IsShortened(request, rule) ? wish.Strength : 1,
            KnownRegion = known,
        };
    }
}
