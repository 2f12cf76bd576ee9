using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>Which model calls of a scheduler's whole grid a generation makes.</summary>
/// <param name="First">The first call.</param>
/// <param name="End">The call behind the last one.</param>
internal sealed record GenerationCourse(int First, int End)
{
    public int Count => End - First;

    public static GenerationCourse Of(ResolvedRequest request, ISchedulerRun? run, StrengthRule rule)
    {
        if (run is null)
        {
            return new GenerationCourse(0, 0);
        }

        GenerationRequest wish = request.Request;
        if (wish.Range != ScheduleRange.Whole)
        {
            return new GenerationCourse(CallBelow(run, wish.Range.Start), CallBelow(run, wish.Range.End));
        }

        bool startsFromPicture = wish.InitialImage is not null || wish.InitialLatents is not null;
        if (!startsFromPicture || (SamplingPlans.IsShortened(request, rule) && wish.Strength > 0))
        {
            return new GenerationCourse(0, run.CallCount);
        }

        // However many model calls each step has.
        int left = rule == StrengthRule.FirstStepsLeftOut
            ? (int)(request.Steps - (request.Steps * wish.Strength))
            : request.Steps - (int)(request.Steps * wish.Strength);
        return new GenerationCourse(left == request.Steps ? run.CallCount : run.FirstCallOf(left), run.CallCount);
    }

    /// <summary>Steps as the user counts them; 0 for a pipeline without steps.</summary>
    public int StepCount(ISchedulerRun? run) => Count == 0 ? 0 : run!.StepOf(End - 1) + 1 - run.StepOf(First);

    /// <summary>The steps of this generation, and its calls.</summary>
    public CallGrid Calls(ISchedulerRun? run) => new(StepCount(run), Count, step => Math.Max(0, run!.FirstCallOf(run.StepOf(First) + step) - First));

    /// <summary>Where the generation stands at a call of the grid.</summary>
    public StepPoint PointOf(int call, ISchedulerRun run)
    {
        return new StepPoint
        {
            Level = run.LevelAt(call),
            Call = call - First,
            CallCount = Count,
            Step = run.StepOf(call) - run.StepOf(First),
            StepCount = StepCount(run),
        };
    }

    // The calls before it are at or above round(N - share·N), cut between steps. The grid is the whole one, so that the first part's last step
    // ends where the second part begins.
    private static int CallBelow(ISchedulerRun run, double share)
    {
        if (share == 0)
        {
            return 0;
        }

        double cut = Math.Round(run.TrainingTimesteps - (share * run.TrainingTimesteps));
        int call = 0;
        while (call < run.CallCount && run.LevelAt(run.FirstCallOf(run.StepOf(call))).Timestep >= cut)
        {
            call++;
        }

        return call;
    }
}
