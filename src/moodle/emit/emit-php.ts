import type { AnnotateAction } from '../plan-annotation.js';
import { markerClass } from '../notice/block.js';

/**
 * Renders planned notices as one PHP script that Moodle's administrator runs on the Moodle host. It appends to the
 * text that stands there then, keeps its own journal beside itself, and `--undo` takes everything back. Pure.
 */
export function emitPhp(actions: readonly AnnotateAction[], campaign: string): string {
  const notices = actions
    .filter(({ kind }) => kind === 'annotate')
    .map(({ activity, from, to }) => ({
      id: activity.id,
      format: activity.introFormat,
      added: (to ?? '').startsWith(from ?? '') ? (to ?? '').slice((from ?? '').length) : null,
      from,
      to,
    }));
  const data = Buffer.from(JSON.stringify(notices))
    .toString('base64')
    .replace(/.{1,120}/g, "    . '$&'\n");
  return PROGRAM.replace('%DATA%', () => `''\n${data}`.trimEnd()).replaceAll('%MARKER%', () =>
    markerClass(campaign),
  );
}

const PROGRAM = String.raw`<?php
// Notices for BigBlueButton activities, written by bbb2pod.
// On the Moodle host, as the web server's user:
//   php THIS-FILE [--dry] [--undo] [/path/to/moodle/config.php]
// Running it twice changes nothing more. Its journal, THIS-FILE.journal, lets --undo restore every text.

define('CLI_SCRIPT', true);
$arguments = array_slice($argv, 1);
$undo = in_array('--undo', $arguments, true);
$dry = in_array('--dry', $arguments, true);
$paths = array_values(array_filter($arguments, function ($argument) {
    return strpos($argument, '--') !== 0;
}));
$configfile = isset($paths[0]) ? $paths[0] : getcwd() . '/config.php';
if (!is_file($configfile)) {
    fwrite(STDERR, "No config.php at $configfile: give its path.\n");
    exit(2);
}
require($configfile);

$marker = '%MARKER%';
$journalfile = __FILE__ . '.journal';
$notices = json_decode(base64_decode(%DATA%), true);
$counts = array('written' => 0, 'restored' => 0, 'cut' => 0, 'skipped' => 0, 'left' => 0);
$courses = array();

/** Appends one line to the journal and waits until it is on the disk. */
function bbb2pod_journal($file, $entry) {
    $handle = fopen($file, 'ab');
    if ($handle === false || fwrite($handle, json_encode($entry) . "\n") === false || !fflush($handle)) {
        fwrite(STDERR, "Cannot write $file: nothing was changed.\n");
        exit(1);
    }
    if (function_exists('fsync')) {
        fsync($handle);
    }
    fclose($handle);
    @chmod($file, 0600);
}

/** Saves one intro; an unchanged one is not touched. */
function bbb2pod_save($activity, $intro) {
    global $DB;
    $row = new stdClass();
    $row->id = $activity->id;
    $row->intro = $intro;
    $row->timemodified = max(time(), (int) $activity->timemodified);
    $DB->update_record('bigbluebuttonbn', $row);
}

/** The activity, its row locked where the database knows how. */
function bbb2pod_read($id) {
    global $DB;
    return $DB->get_record('bigbluebuttonbn', array('id' => $id), 'id, course, intro, introformat, timemodified');
}

if (!$undo) {
    foreach ($notices as $notice) {
        $transaction = $DB->start_delegated_transaction();
        $activity = bbb2pod_read($notice['id']);
        $to = null;
        if ($activity && (int) $activity->introformat === $notice['format']) {
            if ($activity->intro === $notice['from']) {
                $to = $notice['to'];
            } else if ($notice['added'] !== null && strpos((string) $activity->intro, $marker) === false) {
                $to = $activity->intro . $notice['added'];
            }
        }
        if ($to === null) {
            $counts['skipped']++;
        } else {
            $counts['written']++;
            if (!$dry) {
                bbb2pod_journal($journalfile, array(
                    'id' => (int) $activity->id,
                    'from' => $activity->intro === null ? null : base64_encode($activity->intro),
                    'to' => base64_encode($to),
                ));
                bbb2pod_save($activity, $to);
                $courses[(int) $activity->course] = true;
            }
        }
        $transaction->allow_commit();
    }
} else {
    $lines = is_file($journalfile) ? file($journalfile, FILE_IGNORE_NEW_LINES | FILE_SKIP_EMPTY_LINES) : array();
    foreach (array_reverse($lines) as $line) {
        $entry = json_decode($line, true);
        if (!is_array($entry)) {
            continue;
        }
        $from = $entry['from'] === null ? null : base64_decode($entry['from']);
        $to = base64_decode($entry['to']);
        $added = strpos($to, (string) $from) === 0 ? substr($to, strlen((string) $from)) : '';
        $transaction = $DB->start_delegated_transaction();
        $activity = bbb2pod_read($entry['id']);
        $intro = $activity ? $activity->intro : null;
        $change = false;
        if (!$activity || $intro === $from || strpos((string) $intro, $marker) === false) {
            $counts['skipped']++;
        } else if ($intro === $to) {
            $counts['restored']++;
            $change = true;
        } else if ($added !== '' && substr_count($intro, $added) === 1) {
            $from = str_replace($added, '', $intro);
            $counts['cut']++;
            $change = true;
        } else {
            $counts['left']++;
            echo "Left, edited since: activity {$entry['id']}\n";
        }
        if ($change && !$dry) {
            bbb2pod_save($activity, $from);
            $courses[(int) $activity->course] = true;
        }
        $transaction->allow_commit();
    }
}
foreach (array_keys($courses) as $courseid) {
    rebuild_course_cache($courseid, true);
}
echo json_encode(array('dry' => $dry, 'undo' => $undo) + $counts) . "\n";
exit($counts['left'] > 0 ? 3 : 0);
`;
