using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>The guidance of one generation. Not thread-safe. No method may allocate.</summary>
/// <remarks>Without state, derive from <see cref="StatelessGuidanceRun"/>; to wrap a run, from <see cref="DelegatingGuidanceRun"/>.</remarks>
public interface IGuidanceRun : IStateful, IDisposable
{
    /// <summary>Whether a term's prediction is needed in a call; a prediction that nobody needs is not made.</summary>
    /// <param name="term">The term, above 0; not asked for term 1 where the scheduler needs it.</param>
    /// <param name="at">Where the generation stands.</param>
    /// <returns>Whether <see cref="Combine"/> will use it.</returns>
    bool Needs(int term, in StepPoint at);

    /// <summary>Says what the predictions make together, by their weights or by writing on them. Called once for each model call.</summary>
    /// <param name="at">Where the generation stands.</param>
    /// <param name="predictions">The predictions; before, the conditional one has the weight 1.</param>
    void Combine(in StepPoint at, TermPredictions predictions);
}
