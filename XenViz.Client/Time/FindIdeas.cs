using System.Globalization;
using XenViz.Core.Projection;

namespace XenViz.Client.Time;

/// <summary>What a person may want to follow at this moment: the objects on stage, as questions.</summary>
internal static class FindIdeas
{
    /// <summary>The questions.</summary>
    /// <param name="view">What is on screen.</param>
    public static IReadOnlyList<string> Of(SessionView view)
    {
        var ideas = new List<string>();
        var stage = view.Stage;
        if (stage.Focus is null)
        {
            // Before there is a request nothing on stage has a story yet, but the ring will have.
            Add("req_prod");
            Add("rsp_prod");
        }

        Add(stage.Grant is { } grant ? $"grant {grant.Ref}" : null);
        Add(stage.Maptrack is { } record ? $"handle {record.Handle}" : null);
        Add(stage.Focus is { } focus ? $"slot {focus.Slot}" : null);
        Add(stage.Focus is { } request ? $"request {request.Id}" : null);
        Add(stage.Data is { } data ? "frame 0x" + data.Mfn.ToString("x", CultureInfo.InvariantCulture) : null);
        Add(stage.GuestPort is { } guest ? $"port {guest.Number}" : null);
        Add(stage.DriverPort is { } driver ? $"port {driver.Number}" : null);
        Add("req_prod");
        Add("rsp_prod");
        return ideas;

        void Add(string? idea)
        {
            if (idea is not null && !ideas.Contains(idea))
            {
                ideas.Add(idea);
            }
        }
    }
}
