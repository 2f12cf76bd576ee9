namespace DiffusionSharp.Orleans;

/// <summary>How far a job is, told to those who watch it. Remembered by one activation; the next learns it from the next report.</summary>
internal sealed class JobNews
{
    private TaskCompletionSource _told = NewSignal();
    private byte[][] _previews = [];
    private int _previewStep;
    private int _attempt;
    private int _step;
    private int _count;

    /// <summary>The job was stored: where this attempt is by now, or where a new one begins.</summary>
    public void Stored(JobCourseRecord course)
    {
        (_step, _count) = (course.Attempt == _attempt ? Math.Max(_step, course.Step) : course.Step, Math.Max(_count, course.StepCount));
        _attempt = course.Attempt;
        if (course.State != JobState.Running)
        {
            (_previews, _previewStep) = ([], 0);
        }

        Signal();
    }

    /// <summary>A report of the running attempt.</summary>
    public void Tell(int step, int count, byte[][] previews)
    {
        (_step, _count) = (step, count);
        if (previews.Length > 0)
        {
            (_previews, _previewStep) = (previews, step);
        }

        Signal();
    }

    public bool HasPreviewAfter(int step) => _previewStep > step;

    public JobStatus Status(string job, JobCourseRecord course) => new()
    {
        Job = job,
        State = course.State,
        Step = _step,
        StepCount = _count,
        Attempt = course.Attempt,
        Silo = course.Silo,
        Error = course.Error,
        Pictures = course.Pictures,
        Previews = _previews,
    };

    /// <summary>Waits until it is so, or for as long as may be.</summary>
    public async Task WaitAsync(TimeSpan longest, Func<bool> isSo)
    {
        var over = Task.Delay(longest);
        while (!isSo() && !over.IsCompleted)
        {
            await Task.WhenAny(_told.Task, over);
        }
    }

    private void Signal()
    {
        TaskCompletionSource told = _told;
        _told = NewSignal();
        told.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
